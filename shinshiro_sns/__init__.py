"""The portal of the city of Shinshiro for its social media guideline."""

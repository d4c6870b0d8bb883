"""Pages of the policies application, one module per part of the desk."""

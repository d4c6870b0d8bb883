"""Tags of the incidents' pages."""

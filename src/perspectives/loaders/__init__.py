"""The built-in loaders, one file a format."""

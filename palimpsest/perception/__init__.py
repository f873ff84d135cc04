"""What can be measured in an image."""

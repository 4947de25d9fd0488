"""What serving costs: Mixwell, nginx and other loaders in one run, started by `./mixwell bench`."""

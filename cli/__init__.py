"""The command line `chiso`: thin, over the catalogue and the loaders."""

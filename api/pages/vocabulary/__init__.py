"""The pages about the words: the vocabulary with its model, and what the data makes of each class and property."""

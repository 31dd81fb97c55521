"""One file a topic: short functions of a control's value that return the number that is measured."""

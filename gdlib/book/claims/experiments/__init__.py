"""One file a topic: functions of a control's value that return the number that is measured."""

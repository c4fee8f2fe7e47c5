"""What operators type (命令): the verbs of the statedata command."""

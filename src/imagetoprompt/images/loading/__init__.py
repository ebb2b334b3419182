"""The parts of opening a picture: get its bytes, decode them safely, read what the file says."""

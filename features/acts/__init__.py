"""What personas do, in the words of the specs: a phrase, the use case behind it, and the payload of
somebody who does it right. One module for each concept of the portal."""

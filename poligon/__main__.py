"""`python -m poligon`: the same as `poligon`."""

from poligon.cli import main

if __name__ == "__main__":
    main()

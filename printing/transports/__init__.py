"""The lines to a printer, one module a kind, all behind `printing.transport.Transport`."""

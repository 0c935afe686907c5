"""Data only: fonts, icons, sounds, catalogues, samples, translations."""

from pathlib import Path

ROOT = Path(__file__).parent

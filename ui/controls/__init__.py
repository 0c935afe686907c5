"""QML controls and tokens; `import ui.controls` with the project's folder as import path."""

import QtQuick

// Text in the house style; wraps, never elides by itself.
Text {
    property bool bold: false

    color: Theme.ink
    font.pixelSize: Theme.body
    font.bold: bold
    lineHeight: Theme.lineHeight
    wrapMode: Text.Wrap
    verticalAlignment: Text.AlignVCenter
    textFormat: Text.PlainText
}

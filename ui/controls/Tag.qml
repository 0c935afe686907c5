import QtQuick

// A word that tells, not a control.
Rectangle {
    id: tag

    property string text: ""
    property bool strong: false

    implicitWidth: label.implicitWidth + 32
    implicitHeight: 52
    radius: 14
    color: strong ? Theme.okSoft : Theme.sky

    Text {
        id: label

        anchors.centerIn: parent
        text: tag.text
        color: tag.strong ? Theme.ok : Theme.ink
        font.pixelSize: Theme.least
        textFormat: Text.PlainText
    }
}

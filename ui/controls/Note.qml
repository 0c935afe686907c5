import QtQuick

// A sentence that must be seen. tone: "info", "warn", "error", "ok".
Rectangle {
    id: note

    property string text: ""
    property string tone: "info"
    property string glyph: tone === "ok" ? "circle-check" : tone === "info" ? "info-circle" : "alert-triangle"
    readonly property color tint: tone === "ok" ? Theme.ok : tone === "error" ? Theme.error : tone === "warn" ? Theme.pay : Theme.brand

    implicitHeight: Math.max(96, label.implicitHeight + 40)
    radius: Theme.radius
    color: tone === "ok" ? Theme.okSoft : tone === "error" ? Theme.errorSoft : tone === "warn" ? Theme.paySoft : Theme.sky

    Icon {
        id: icon

        x: 28
        anchors.verticalCenter: parent.verticalCenter
        name: note.glyph
        tint: note.tint
        size: 52
    }

    Caption {
        id: label

        anchors {
            left: icon.right
            leftMargin: 20
            right: parent.right
            rightMargin: 24
            verticalCenter: parent.verticalCenter
        }
        text: note.text
        color: note.tone === "info" ? Theme.ink : note.tint
    }
}

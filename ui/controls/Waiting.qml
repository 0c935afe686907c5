import QtQuick

// Something is on its way. Three dots that stand still: software rendering has no frames to give away.
Row {
    id: waiting

    property string text: ""

    spacing: 20

    Icon {
        anchors.verticalCenter: parent.verticalCenter
        name: "hourglass"
        size: 56
    }

    Caption {
        anchors.verticalCenter: parent.verticalCenter
        text: waiting.text
        color: Theme.ink2
    }
}

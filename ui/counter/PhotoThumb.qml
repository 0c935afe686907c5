import QtQuick
import QtQuick.Templates as T
import ui.controls

// A photo to touch: chosen, with a tick; or to be taken away, with a cross.
T.AbstractButton {
    id: thumb

    property string source: ""
    property bool cross: false

    Accessible.role: Accessible.Button
    Accessible.name: text

    background: Rectangle {
        radius: Theme.radius
        color: Theme.card
        border.width: thumb.checked ? 6 : 3
        border.color: thumb.checked ? Theme.brand : Theme.hairline
    }

    contentItem: Item {
        Image {
            anchors.fill: parent
            anchors.margins: 8
            fillMode: Image.PreserveAspectCrop
            source: thumb.source
            sourceSize.width: 640
            sourceSize.height: 480
            cache: false
            Accessible.ignored: true
        }

        Rectangle {
            anchors {
                right: parent.right
                top: parent.top
                margins: 10
            }
            visible: thumb.cross || thumb.checked
            width: 60
            height: 60
            radius: 30
            color: thumb.cross ? Theme.card : Theme.brand

            Icon {
                anchors.centerIn: parent
                name: thumb.cross ? "x" : "check"
                tint: thumb.cross ? Theme.error : Theme.paper
                size: 44
            }
        }
    }
}

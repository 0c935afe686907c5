pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

// A PIN: dots for what is typed, and the digit pad.
Item {
    id: entry

    property string dots: ""
    property int length: 6
    property bool able: true

    signal typed(key: string)
    signal erased
    signal cleared

    Rectangle {
        id: box

        width: parent.width
        height: 130
        radius: Theme.radius
        color: Theme.card
        border.width: 4
        border.color: entry.able ? Theme.brand : Theme.hairline

        Row {
            anchors.centerIn: parent
            spacing: 32

            Repeater {
                model: entry.length

                Rectangle {
                    required property int index

                    width: 44
                    height: 44
                    radius: 22
                    color: index < entry.dots.length ? Theme.ink : Theme.card
                    border.width: 4
                    border.color: entry.able ? Theme.border : Theme.hairline
                }
            }
        }
    }

    Keypad {
        objectName: "pinPad"
        y: box.height + 28
        width: parent.width
        height: parent.height - y
        enabled: entry.able
        onTyped: key => entry.typed(key)
        onErased: entry.erased()
        onCleared: entry.cleared()
    }
}

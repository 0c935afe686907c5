pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T

// kind: "primary" (one a screen), "secondary", "quiet" (no border, on a coloured band), "danger".
T.AbstractButton {
    id: control

    property string kind: "secondary"
    property string glyph: ""
    property int size: kind === "primary" ? Theme.h2 : Theme.body
    property bool listed: false // an entry of a list: text at the left, an arrow at the right
    readonly property bool filled: kind === "primary"
    readonly property color tone: !enabled ? Theme.ink2 : filled ? Theme.paper : kind === "danger" ? Theme.error : Theme.ink

    implicitHeight: filled ? Theme.primary : 112
    implicitWidth: row.implicitWidth + 2 * 36
    Accessible.role: Accessible.Button
    Accessible.name: text

    background: Rectangle {
        radius: Theme.radius
        color: control.filled ? (!control.enabled ? Theme.disabled : control.down ? Theme.brandDown : Theme.brand) : control.down ? Theme.sky : Theme.card
        border.width: control.filled ? 0 : 3
        border.color: control.kind === "danger" ? Theme.error : control.enabled ? Theme.border : Theme.hairline
    }

    contentItem: Item {
        implicitWidth: row.implicitWidth
        implicitHeight: row.implicitHeight

        Row {
            id: row

            anchors.verticalCenter: parent.verticalCenter
            x: control.listed ? 32 : (parent.width - width) / 2
            spacing: 18

            Loader {
                anchors.verticalCenter: parent.verticalCenter
                active: control.glyph !== ""
                visible: active
                sourceComponent: Icon {
                    name: control.glyph
                    tint: control.filled || !control.enabled || control.kind === "danger" ? control.tone : Theme.brand
                    size: Math.round(control.size * 1.2)
                }
            }

            Text {
                anchors.verticalCenter: parent.verticalCenter
                width: Math.min(implicitWidth, control.width - 40 - (control.glyph !== "" ? Math.round(control.size * 1.2) + 18 : 0))
                visible: control.text !== ""
                text: control.text
                color: control.tone
                font.pixelSize: control.size
                font.bold: control.filled
                horizontalAlignment: Text.AlignHCenter
                wrapMode: Text.Wrap
                lineHeight: 1.1
                textFormat: Text.PlainText
            }
        }

        Loader {
            anchors {
                right: parent.right
                rightMargin: 24
                verticalCenter: parent.verticalCenter
            }
            active: control.listed
            sourceComponent: Icon {
                name: "chevron-right"
                tint: Theme.ink2
            }
        }
    }
}

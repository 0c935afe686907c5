import QtQuick
import ui.controls

// 您还在吗？ — above whatever is shown; a touch anywhere stays.
Item {
    id: warning

    property int seconds: 0

    signal stayed
    signal departed

    Rectangle {
        anchors.fill: parent
        color: "#E012303F"
    }

    MouseArea {
        objectName: "idleGround"
        anchors.fill: parent
        Accessible.role: Accessible.Button
        Accessible.name: Lang.tr("我还在")
        onClicked: warning.stayed()
    }

    Rectangle {
        anchors.horizontalCenter: parent.horizontalCenter
        y: Theme.portrait ? parent.height * 0.34 : (parent.height - height) / 2
        width: 920
        height: content.height + 112
        radius: Theme.radiusLarge
        color: Theme.card

        Column {
            id: content

            x: 56
            y: 56
            width: parent.width - 112
            spacing: 28

            Caption {
                width: parent.width
                horizontalAlignment: Text.AlignHCenter
                text: Lang.tr("您还在吗？")
                font.pixelSize: Theme.hero
                bold: true
            }

            Text {
                width: parent.width
                horizontalAlignment: Text.AlignHCenter
                textFormat: Text.PlainText
                text: Math.max(0, warning.seconds)
                color: Theme.pay
                font.pixelSize: 168
                font.bold: true
                lineHeight: 0.95
            }

            Caption {
                width: parent.width
                horizontalAlignment: Text.AlignHCenter
                text: Lang.tr("秒后清空屏幕，保护您的信息")
                color: Theme.ink2
                font.pixelSize: Theme.h2
            }

            Item {
                width: 1
                height: 8
            }

            BigButton {
                objectName: "idleStay"
                width: parent.width
                kind: "primary"
                text: Lang.tr("我还在")
                onClicked: warning.stayed()
            }

            BigButton {
                objectName: "idleLeave"
                width: parent.width
                text: Lang.tr("不用了，清空")
                onClicked: warning.departed()
            }
        }
    }
}

import QtQuick
import ui.controls

Page {
    id: screen

    title: Lang.tr("还要再等一等")
    lead: Lang.tr("不满 16 周岁，我们不能给您介绍工作。")

    info: Item {
        anchors.fill: parent

        Icon {
            visible: !Theme.portrait
            anchors.horizontalCenter: parent.horizontalCenter
            y: Math.max(0, (parent.height - height) / 2)
            name: "heart-handshake"
            size: 300
        }
    }

    Card {
        y: Theme.portrait ? -140 : 0
        width: parent.width
        height: rule.height + 96

        Column {
            id: rule

            x: 48
            y: 48
            width: parent.width - 96
            spacing: 20

            Rectangle {
                anchors.horizontalCenter: parent.horizontalCenter
                visible: Theme.portrait
                width: 300
                height: 300
                radius: 150
                color: Theme.sky

                Icon {
                    anchors.centerIn: parent
                    name: "heart-handshake"
                    size: 180
                }
            }

            Caption {
                objectName: "refusedRule"
                width: parent.width
                text: screen.vm.say
                font.pixelSize: Theme.h2
            }

            Caption {
                width: parent.width
                text: screen.vm.law
                color: Theme.ink2
            }

            Caption {
                width: parent.width
                text: Lang.tr("您的信息没有保存。家里有困难，请到服务窗口，我们一起想办法。")
            }
        }
    }

    BigButton {
        objectName: "finish"
        anchors.bottom: parent.bottom
        width: parent.width
        kind: "primary"
        text: Lang.tr("知道了")
        onClicked: screen.vm.finish()
    }
}

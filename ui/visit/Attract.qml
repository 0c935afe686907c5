pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

// Welcome: one large way in, everything else beside it.
Rectangle {
    id: screen

    required property var vm

    gradient: Gradient {
        GradientStop {
            position: 0
            color: Theme.skyDeep
        }
        GradientStop {
            position: 1
            color: Theme.bg
        }
    }

    Column {
        id: sign

        x: Theme.portrait ? 0 : parent.width * 0.04
        y: Theme.portrait ? parent.height * 0.085 : (parent.height - height) / 2 - 30
        width: Theme.portrait ? parent.width : parent.width * 0.42
        spacing: Theme.portrait ? 20 : 24

        Icon {
            anchors.horizontalCenter: parent.horizontalCenter
            name: "logo"
            size: 380
        }

        Text {
            width: parent.width
            textFormat: Text.PlainText
            text: screen.vm.hallName
            color: Theme.ink
            font.pixelSize: 124
            font.bold: true
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.h1
            horizontalAlignment: Text.AlignHCenter
        }

        Caption {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: Lang.tr("找活不收钱 · 工具能租 · 欠薪有人管")
            color: Theme.ink2
            font.pixelSize: Theme.h2
        }

        Caption {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            visible: screen.vm.hours !== ""
            text: Lang.tr("开门时间 {hours}", {
                "hours": screen.vm.hours
            })
            color: Theme.ink2
        }
    }

    Column {
        x: Theme.portrait ? Theme.margin * 1.5 : parent.width * 0.51
        y: Theme.portrait ? parent.height * 0.555 : (parent.height - height) / 2 - 50
        width: Theme.portrait ? parent.width - 3 * Theme.margin : parent.width * 0.44
        spacing: 32

        Rectangle {
            width: parent.width
            height: 152
            radius: Theme.radiusLarge
            color: "#B3FFFFFF"

            Row {
                anchors.centerIn: parent
                spacing: 18
                visible: screen.vm.jobs >= 0

                Repeater {
                    model: [
                        {
                            "number": false,
                            "text": Lang.tr("今天有")
                        },
                        {
                            "number": true,
                            "text": screen.vm.jobs
                        },
                        {
                            "number": false,
                            "text": Lang.tr("个活，还要")
                        },
                        {
                            "number": true,
                            "text": screen.vm.openings
                        },
                        {
                            "number": false,
                            "text": Lang.tr("人")
                        }
                    ]

                    Text {
                        required property var modelData

                        height: 100
                        verticalAlignment: Text.AlignVCenter
                        textFormat: Text.PlainText
                        text: modelData.text
                        color: modelData.number ? Theme.pay : Theme.ink
                        font.pixelSize: modelData.number ? 76 : Theme.h2
                        font.bold: modelData.number
                    }
                }
            }

            Waiting {
                anchors.centerIn: parent
                visible: screen.vm.jobs < 0
                text: Lang.tr("正在看今天有哪些活…")
            }
        }

        BigButton {
            objectName: "start"
            width: parent.width
            height: 240
            kind: "primary"
            size: 92
            glyph: "hammer"
            text: Lang.tr("找活干")
            onClicked: screen.vm.start()
        }

        BigButton {
            objectName: "more"
            width: parent.width
            height: 152
            size: Theme.h2
            glyph: "layout-grid"
            text: Lang.tr("租工具 · 学技能 · 讨薪 · 招人")
            onClicked: screen.vm.more()
        }
    }

    BigButton {
        id: language

        objectName: "language"
        anchors {
            left: parent.left
            bottom: parent.bottom
            margins: Theme.margin
        }
        height: 104
        glyph: "language"
        text: Lang.code === "zh" ? "English" : "中文"
        onClicked: screen.vm.switchLanguage()
    }

    Caption {
        objectName: "staffSign"
        anchors {
            left: language.right
            right: help.left
            bottom: parent.bottom
            margins: Theme.margin / 2
            bottomMargin: Theme.margin
        }
        height: 104
        visible: screen.vm.sign !== ""
        text: screen.vm.sign
        color: Theme.ink2
        font.pixelSize: Theme.least
        lineHeight: 1
        horizontalAlignment: Text.AlignHCenter
    }

    BigButton {
        id: help

        objectName: "help"
        anchors {
            right: parent.right
            bottom: parent.bottom
            margins: Theme.margin
        }
        height: 104
        glyph: "headset"
        text: Lang.tr("找人帮忙")
        onClicked: screen.vm.help()
    }
}

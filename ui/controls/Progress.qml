pragma ComponentBehavior: Bound
import QtQuick

// 1 identity – 2 phone – 3 trades – 4 job – 5 slip.
Item {
    id: progress

    property int at: 0
    readonly property var names: [Lang.tr("身份证"), Lang.tr("手机号"), Lang.tr("工种"), Lang.tr("挑活"), Lang.tr("单子")]

    implicitHeight: 112
    Accessible.role: Accessible.StaticText
    Accessible.name: at > 0 ? Lang.tr("第 {n} 步，共 5 步", {"n": at}) : ""

    Rectangle {
        x: progress.width / 10
        y: 26
        width: progress.width * 0.8
        height: 4
        color: Theme.skyDeep
    }

    Rectangle {
        x: progress.width / 10
        y: 26
        width: progress.width * 0.2 * Math.max(0, progress.at - 1)
        height: 4
        color: Theme.brand
    }

    Row {
        width: parent.width

        Repeater {
            model: progress.names

            Item {
                id: stop

                required property string modelData
                required property int index
                readonly property bool reached: index < progress.at

                width: progress.width / 5
                height: 112

                Rectangle {
                    anchors.horizontalCenter: parent.horizontalCenter
                    width: 56
                    height: 56
                    radius: 28
                    color: stop.reached ? Theme.brand : Theme.card
                    border.width: stop.reached ? 0 : 3
                    border.color: Theme.border

                    Loader {
                        anchors.centerIn: parent
                        sourceComponent: stop.index < progress.at - 1 ? tick : figure
                    }

                    Component {
                        id: tick

                        Icon {
                            name: "check"
                            tint: Theme.paper
                            size: 40
                        }
                    }

                    Component {
                        id: figure

                        Caption {
                            text: stop.index + 1
                            font.pixelSize: Theme.least
                            bold: true
                            color: stop.reached ? Theme.paper : Theme.ink2
                        }
                    }
                }

                Caption {
                    y: 62
                    width: parent.width
                    horizontalAlignment: Text.AlignHCenter
                    // side by side only where there is room for all five
                    visible: progress.width > 600 || stop.index === progress.at - 1
                    text: stop.modelData
                    font.pixelSize: Theme.least
                    bold: stop.index === progress.at - 1
                    color: stop.index === progress.at - 1 ? Theme.ink : Theme.ink2
                    wrapMode: Text.NoWrap
                }
            }
        }
    }
}

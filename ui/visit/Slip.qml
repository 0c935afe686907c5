import QtQuick
import ui.controls

// Paper as it comes out, and in words what is happening to it.
Page {
    id: screen

    readonly property bool printed: vm.state === "printed"
    readonly property bool stuck: vm.state === "stuck"
    readonly property bool uncertain: vm.state === "uncertain"

    title: printed ? Lang.tr("请拿好单子") : stuck ? Lang.tr("单子没有打出来") : uncertain ? Lang.tr("看看单子出来了没有") : vm.ready ? Lang.tr("正在打印单子…") : Lang.tr("正在办…")
    lead: printed ? Lang.tr("拿着它去找用工方，谈成谈不成都回来说一声") : stuck || uncertain ? "" : Lang.tr("请稍等，单子从下面出来")
    infoShare: 0.46

    info: Item {
        anchors.fill: parent

        Note {
            width: parent.width
            visible: screen.stuck || screen.uncertain
            tone: "warn"
            glyph: "printer-off"
            text: (screen.vm.reason !== "" ? screen.vm.reason + "\n" : "") + (screen.uncertain ? Lang.tr("没出来就请工作人员补打一张，不会重复报名。") : Lang.tr("报名已经办好了，单子到服务窗口能补。")) + "\n" + Lang.tr("请用手机拍下单子上的码，一样有用。")
        }

        Row {
            visible: screen.printed
            spacing: 20

            Icon {
                name: "circle-check"
                tint: Theme.ok
                size: 96
            }

            Caption {
                anchors.verticalCenter: parent.verticalCenter
                objectName: "slipNumber"
                text: Lang.tr("单号 {number}", {
                    "number": screen.vm.number
                })
                font.pixelSize: Theme.h2
                bold: true
            }
        }

        Row {
            visible: screen.vm.ready && !screen.printed && !screen.stuck && !screen.uncertain
            spacing: 20

            Icon {
                name: "printer"
                size: 96
            }

            Caption {
                anchors.verticalCenter: parent.verticalCenter
                text: Lang.tr("单号 {number}", {
                    "number": screen.vm.number
                })
                font.pixelSize: Theme.h2
            }
        }
    }

    Item {
        id: slot

        width: parent.width
        height: parent.height - buttons.height - 28

        Rectangle {
            anchors.fill: parent
            radius: Theme.radiusLarge
            color: Theme.skyDeep
        }

        Flickable {
            id: paper

            anchors.fill: parent
            anchors.margins: 24
            contentHeight: picture.height
            // a slip that stays on the screen shows its code, a little below the middle of the paper
            contentY: screen.stuck || screen.uncertain ? Math.max(0, Math.min(picture.height - height, picture.height * 0.6 - height / 2)) : 0
            clip: true
            boundsBehavior: Flickable.StopAtBounds

            Image {
                id: picture

                objectName: "slipPreview"
                anchors.horizontalCenter: parent?.horizontalCenter
                width: Math.min(paper.width, 620)
                height: sourceSize.width > 0 ? width * sourceSize.height / sourceSize.width : 0
                source: screen.vm.preview
                cache: false
                smooth: true
                Accessible.role: Accessible.Graphic
                Accessible.name: Lang.tr("单子的样子")
            }
        }
    }

    Row {
        id: buttons

        anchors.bottom: parent.bottom
        width: parent.width
        spacing: Theme.gap

        BigButton {
            id: again

            objectName: "moreJobs"
            enabled: screen.vm.ready
            height: Theme.primary
            glyph: "list"
            text: Lang.tr("看别的活")
            onClicked: screen.vm.more()
        }

        BigButton {
            objectName: "done"
            enabled: screen.vm.ready
            width: parent.width - again.width - Theme.gap
            kind: "primary"
            text: screen.printed ? Lang.tr("拿好了") : Lang.tr("好了")
            onClicked: screen.vm.done()
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Page {
    id: screen

    title: Lang.tr("有这些情况吗？")
    lead: Lang.tr("有的话点一下，活紧张的时候先照顾您。没有就跳过。")

    // the number just given, to be mended: beneath the text, standing within reach
    component Given: Card {
        height: 124

        Row {
            x: 24
            height: parent.height
            spacing: 16

            Icon {
                anchors.verticalCenter: parent.verticalCenter
                name: "device-mobile"
                size: 56
            }

            Caption {
                objectName: "phoneShown"
                anchors.verticalCenter: parent.verticalCenter
                text: screen.vm.phone
                font.pixelSize: screen.width < 1500 && !Theme.portrait ? Theme.least : Theme.h2
                bold: true
                wrapMode: Text.NoWrap
            }
        }

        BigButton {
            objectName: "changePhone"
            anchors {
                right: parent.right
                rightMargin: 12
                verticalCenter: parent.verticalCenter
            }
            height: 96
            glyph: "edit"
            text: Lang.tr("改")
            onClicked: screen.vm.changePhone()
        }
    }

    info: Loader {
        width: parent?.width ?? 0
        active: !Theme.portrait
        sourceComponent: Given {}
    }

    Loader {
        id: given

        width: parent.width
        active: Theme.portrait
        height: active ? 124 : 0
        sourceComponent: Given {}
    }

    Column {
        id: ticks

        readonly property real each: Math.min(190, (parent.height - y - button.height - 32 - 3 * spacing) / 4)

        width: parent.width
        y: given.active ? given.height + 28 : 0
        spacing: 22

        Repeater {
            model: screen.vm.choices

            Tick {
                required property var modelData

                objectName: "hardship_" + modelData.key
                width: ticks.width
                height: ticks.each
                glyph: modelData.glyph
                text: modelData.text
                detail: modelData.detail
                checked: modelData.ticked
                onClicked: screen.vm.toggle(modelData.key)
            }
        }
    }

    BigButton {
        id: button

        objectName: "next"
        anchors.bottom: parent.bottom
        width: parent.width
        kind: "primary"
        text: screen.vm.count === 0 ? Lang.tr("都没有，跳过") : Lang.tr("选好了（{n} 项）", {
            "n": screen.vm.count
        })
        onClicked: screen.vm.done()
    }
}

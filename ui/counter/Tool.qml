pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

// One tool on one page: figures at the left, its life at the right.
Frame {
    id: screen

    title: vm.title

    Item {
        id: left

        visible: !words.wide
        width: Theme.portrait ? parent.width : parent.width * 0.44
        height: Theme.portrait ? parent.height * 0.55 : parent.height

        Rectangle {
            id: state

            width: parent.width
            height: 112
            radius: Theme.radius
            color: screen.vm.good ? Theme.okSoft : Theme.paySoft

            Caption {
                anchors.centerIn: parent
                text: screen.vm.mayMove && screen.vm.asking === "" ? screen.vm.state + "　" + screen.vm.place : screen.vm.state
                color: screen.vm.good ? Theme.ok : Theme.pay
                font.pixelSize: Theme.h1
                bold: true
            }
        }

        Card {
            y: state.height + 20
            width: parent.width
            height: figures.height + 40

            Column {
                id: figures

                x: 32
                y: 20
                width: parent.width - 64

                Repeater {
                    model: screen.vm.figures

                    Item {
                        id: figure

                        required property var modelData

                        width: figures.width
                        height: 58

                        Caption {
                            anchors.verticalCenter: parent.verticalCenter
                            text: figure.modelData.label
                            color: Theme.ink2
                        }

                        Caption {
                            anchors {
                                right: parent.right
                                verticalCenter: parent.verticalCenter
                            }
                            text: figure.modelData.text
                            bold: true
                        }
                    }
                }
            }
        }

        Row {
            anchors.bottom: foot.top
            anchors.bottomMargin: 16
            width: parent.width
            spacing: 20
            visible: screen.vm.mayAsk

            BigButton {
                objectName: "askRepair"
                width: (parent.width - 20) / 2
                height: 104
                glyph: "tools"
                text: screen.vm.asking === "repair" ? Lang.tr("不了") : Lang.tr("申请维修")
                onClicked: screen.vm.ask("repair")
            }

            BigButton {
                objectName: "askWriteOff"
                width: (parent.width - 20) / 2
                height: 104
                glyph: "trash"
                text: screen.vm.asking === "write_off" ? Lang.tr("不了") : Lang.tr("申请报废")
                onClicked: screen.vm.ask("write_off")
            }
        }

        Row {
            id: foot

            readonly property int buttons: (screen.vm.mayTag ? 1 : 0) + (screen.vm.mayMove ? 1 : 0) + (screen.vm.mayRelease ? 1 : 0) + (screen.vm.mayFind ? 1 : 0)
            readonly property real each: (width - 20 * (buttons - 1)) / Math.max(1, buttons)

            anchors.bottom: parent.bottom
            width: parent.width
            spacing: 20

            BigButton {
                objectName: "askPlace"
                width: foot.each
                visible: screen.vm.mayMove
                glyph: foot.buttons > 2 ? "" : "map-pin"
                text: screen.vm.asking === "place" ? Lang.tr("不了") : Lang.tr("换地方")
                onClicked: screen.vm.ask("place")
            }

            BigButton {
                objectName: "printTag"
                width: foot.each
                visible: screen.vm.mayTag
                glyph: foot.buttons > 2 ? "" : "tag"
                text: Lang.tr("打印标签")
                onClicked: screen.vm.printTag()
            }

            BigButton {
                objectName: "found"
                width: foot.each
                visible: screen.vm.mayFind
                glyph: "search"
                text: Lang.tr("找到了")
                onClicked: screen.vm.found()
            }

            BigButton {
                objectName: "release"
                width: foot.each
                visible: screen.vm.mayRelease
                glyph: foot.buttons > 2 ? "" : "check"
                text: Lang.tr("能用，入库")
                onClicked: screen.vm.release()
            }
        }
    }

    ListView {
        id: life

        objectName: "lifeList"
        x: Theme.portrait ? 0 : left.width + 40
        y: Theme.portrait ? left.height + 20 : 0
        width: parent.width - x
        height: parent.height - y
        visible: screen.vm.asking === ""
        clip: true
        spacing: 12
        boundsBehavior: Flickable.StopAtBounds
        model: screen.vm.life

        delegate: Card {
            id: event

            required property var modelData
            required property int index

            width: life.width
            height: 132
            radius: Theme.radius

            Column {
                anchors {
                    left: parent.left
                    leftMargin: 28
                    right: shots.visible ? shots.left : amount.left
                    rightMargin: 16
                    verticalCenter: parent.verticalCenter
                }

                Caption {
                    text: event.modelData.text
                    bold: true
                    lineHeight: 1.1
                }

                Caption {
                    width: parent.width
                    text: event.modelData.detail
                    color: Theme.ink2
                    font.pixelSize: Theme.least
                    lineHeight: 1.1
                    elide: Text.ElideRight
                    maximumLineCount: 1
                }
            }

            BigButton {
                id: shots

                objectName: "photos" + event.index
                anchors {
                    right: amount.left
                    rightMargin: 20
                    verticalCenter: parent.verticalCenter
                }
                visible: event.modelData.photos > 0
                height: 96
                glyph: "photo"
                text: String(event.modelData.photos)
                Accessible.name: Lang.tr("照片 {n} 张", {
                    "n": event.modelData.photos
                })
                onClicked: screen.vm.look(event.index)
            }

            Caption {
                id: amount

                anchors {
                    right: parent.right
                    rightMargin: 28
                    verticalCenter: parent.verticalCenter
                }
                text: event.modelData.side
                bold: true
            }
        }
    }

    WhyPanel {
        id: words

        // room for the keys
        readonly property bool wide: screen.vm.asking !== "" && why.typing && (Theme.portrait || screen.width < 1500)

        x: wide ? 0 : life.x
        y: wide ? 0 : life.y
        width: parent.width - x
        height: parent.height - y
        visible: screen.vm.asking === "repair" || screen.vm.asking === "write_off"
        why: screen.vm.why
        question: screen.vm.asking === "repair" ? Lang.tr("为什么要修？") : Lang.tr("为什么要报废？")
    }

    Flickable {
        x: life.x
        y: life.y
        width: life.width
        height: life.height
        visible: screen.vm.asking === "place"
        contentHeight: where.height
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        Column {
            id: where

            width: parent.width
            spacing: 18

            Caption {
                width: parent.width
                text: Lang.tr("放到哪里？")
                font.pixelSize: Theme.h2
                bold: true
            }

            Grid {
                id: shelves

                width: parent.width
                columns: 2
                spacing: 18

                Repeater {
                    model: screen.vm.asking === "place" ? screen.vm.places : []

                    Choice {
                        required property string modelData
                        required property int index

                        objectName: "place" + index
                        width: (shelves.width - 18) / 2
                        text: modelData
                        checked: screen.vm.place === modelData
                        onClicked: screen.vm.put(modelData)
                    }
                }
            }
        }
    }
}

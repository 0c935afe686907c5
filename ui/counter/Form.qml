pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

// Lines at the left (or above), the pad for the line in hand at the right (or beneath). See form.py.
Frame {
    id: screen

    readonly property bool typing: vm.kind === "text"
    // what the pads need so that every key can be touched
    readonly property real padNeeds: typing ? 900 : vm.kind === "money" || vm.kind === "number" ? 720 : 640

    title: vm.title
    lead: vm.leadText

    Row {
        id: parts

        width: lines.width
        height: visible ? 96 : 0
        visible: screen.vm.parts.length > 0
        spacing: 16

        Repeater {
            model: screen.vm.parts

            Choice {
                required property string modelData
                required property int index

                objectName: "part" + index
                width: (parts.width - 16 * (screen.vm.parts.length - 1)) / screen.vm.parts.length
                height: 96
                text: modelData
                checked: screen.vm.part === index
                onClicked: screen.vm.toPart(index)
            }
        }
    }

    Item {
        id: lines

        readonly property real begin: parts.visible ? parts.height + 20 : 0

        y: begin
        width: Theme.portrait ? parent.width : parent.width * (screen.width < 1500 ? 0.35 : 0.44)
        height: Theme.portrait ? parent.height - begin - foot.height - 40 - screen.padNeeds : parent.height - begin

        ListView {
            id: list

            objectName: "formLines"
            width: parent.width
            height: parent.height - (Theme.portrait ? 0 : foot.height + 20)
            clip: true
            spacing: 12
            boundsBehavior: Flickable.StopAtBounds
            model: screen.vm.rows.length
            onHeightChanged: positionViewAtIndex(screen.vm.at, ListView.Contain)

            Connections {
                target: screen.vm

                function onChanged(): void {
                    list.positionViewAtIndex(screen.vm.at, ListView.Contain);
                }
            }

            delegate: FormLine {
                required property int index

                objectName: "line_" + (row?.key ?? "")
                row: screen.vm.rows[index]
                width: list.width
                onClicked: screen.vm.pick(row.key)
            }
        }
    }

    Item {
        id: editor

        x: Theme.portrait ? 0 : lines.width + 48
        y: Theme.portrait ? lines.y + lines.height + 20 : 0
        width: parent.width - x
        height: parent.height - y - (Theme.portrait ? foot.height + 20 : 0)

        Caption {
            id: name

            width: parent.width - (clear.visible ? clear.width + 16 : 0)
            height: screen.typing ? 64 : 96
            text: screen.vm.label
            font.pixelSize: Theme.h2
            bold: true
            fontSizeMode: Text.Fit
            minimumPixelSize: Theme.least
            lineHeight: 1
        }

        BigButton {
            id: clear

            objectName: "formEmpty"
            anchors.right: parent.right
            visible: screen.vm.mayEmpty && !screen.typing
            height: 96
            text: Lang.tr("不填")
            onClicked: screen.vm.empty()
        }

        Entry {
            id: entry

            objectName: "formEntry"
            y: name.height + 8
            width: parent.width
            height: 104
            size: 52
            visible: screen.vm.kind === "text" || screen.vm.kind === "money" || screen.vm.kind === "number"
            text: screen.vm.entry
            hint: screen.vm.hint
        }

        Item {
            id: pads

            y: entry.visible ? entry.y + entry.height + 14 : 112
            width: parent.width
            height: parent.height - y

            Writing {
                width: parent.width
                height: Math.min(parent.height, 800)
                visible: screen.vm.kind === "text"
                pad: screen.vm.pad
            }

            MoneyPad {
                width: parent.width
                height: Math.min(parent.height, 700)
                visible: screen.vm.kind === "money"
                onTyped: key => screen.vm.moneyPad.type(key)
                onErased: screen.vm.moneyPad.erase()
            }

            Keypad {
                width: parent.width
                height: Math.min(parent.height, 700)
                visible: screen.vm.kind === "number"
                onTyped: key => screen.vm.digitPad.type(key)
                onErased: screen.vm.digitPad.erase()
                onCleared: screen.vm.digitPad.clear()
            }

            Flickable {
                id: choices

                objectName: "formChoices"
                anchors.fill: parent
                visible: screen.vm.kind === "choice"
                contentHeight: options.height
                clip: true
                boundsBehavior: Flickable.StopAtBounds
                interactive: contentHeight > height

                Grid {
                    id: options

                    readonly property int across: screen.vm.options.length > 4 ? 2 : 1

                    width: parent.width
                    columns: across
                    spacing: 16

                    Repeater {
                        model: screen.vm.options

                        Choice {
                            required property var modelData

                            objectName: "option_" + modelData.key
                            width: (options.width - 16 * (options.across - 1)) / options.across
                            glyph: modelData.glyph
                            text: modelData.text
                            checked: modelData.chosen
                            onClicked: screen.vm.choose(modelData.key)
                        }
                    }

                    BigButton {
                        objectName: "optionOther"
                        width: (options.width - 16 * (options.across - 1)) / options.across
                        height: 104
                        visible: screen.vm.mayType
                        glyph: "keyboard"
                        text: Lang.tr("其他")
                        onClicked: screen.vm.typeOwn()
                    }
                }
            }

            Column {
                width: parent.width
                spacing: 24
                visible: screen.vm.kind === "day"

                Caption {
                    width: parent.width
                    horizontalAlignment: Text.AlignHCenter
                    text: screen.vm.entry
                    font.pixelSize: Theme.hero
                    bold: true
                }

                Grid {
                    id: days

                    width: parent.width
                    columns: 2
                    spacing: 18

                    Repeater {
                        model: [[-1, Lang.tr("早一天")], [1, Lang.tr("晚一天")], [-7, Lang.tr("早一周")], [7, Lang.tr("晚一周")], [-30, Lang.tr("早一个月")], [30, Lang.tr("晚一个月")]]

                        BigButton {
                            required property var modelData

                            objectName: "shift" + modelData[0]
                            width: (days.width - 18) / 2
                            text: modelData[1]
                            onClicked: screen.vm.shift(modelData[0])
                        }
                    }
                }
            }

            Item {
                anchors.fill: parent
                visible: screen.vm.kind === "photo"

                Rectangle {
                    id: frame

                    width: parent.width
                    height: parent.height - shoot.height - 20
                    radius: Theme.radius
                    color: Theme.sky

                    Icon {
                        anchors.centerIn: parent
                        visible: screen.vm.photo === ""
                        name: "photo"
                        size: 160
                    }

                    Image {
                        objectName: "formPhoto"
                        anchors.fill: parent
                        anchors.margins: 10
                        visible: screen.vm.photo !== ""
                        fillMode: Image.PreserveAspectFit
                        source: screen.vm.photo
                        cache: false
                        Accessible.ignored: true
                    }
                }

                BigButton {
                    id: shoot

                    objectName: "formShoot"
                    anchors.bottom: parent.bottom
                    width: parent.width
                    glyph: "camera"
                    text: Lang.tr("拍照，或从图片里选")
                    onClicked: screen.vm.shoot()
                }
            }
        }
    }

    Item {
        id: foot

        anchors.bottom: parent.bottom
        width: Theme.portrait ? parent.width : lines.width
        height: Theme.primary + (trouble.visible ? trouble.height + 16 : 0)

        Note {
            id: trouble

            objectName: "formTrouble"
            width: parent.width
            visible: text !== ""
            tone: "error"
            text: screen.vm.trouble
        }

        BigButton {
            objectName: "formDone"
            anchors.bottom: parent.bottom
            width: parent.width
            height: Theme.primary
            kind: "primary"
            enabled: screen.vm.ready
            text: screen.vm.last ? screen.vm.doneText : Lang.tr("下一步")
            onClicked: screen.vm.goOn()
        }
    }

    Loader {
        anchors.fill: parent
        active: screen.vm.taker !== undefined && screen.vm.taker !== null
        sourceComponent: PhotoTaker {
            taker: screen.vm.taker
        }
    }
}

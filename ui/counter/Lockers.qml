pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import ui.controls

// All lockers as a wall; beside it the one in hand.
Frame {
    id: screen

    title: Lang.tr("寄存")
    lead: vm.counts

    GridView {
        id: wall

        readonly property int across: Theme.portrait ? 4 : Math.max(2, Math.floor(width / 240))

        objectName: "lockerWall"
        width: Theme.portrait ? parent.width + 16 : parent.width * (screen.width < 1500 ? 0.44 : 0.56)
        height: Theme.portrait ? parent.height * 0.46 : parent.height
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        cellWidth: Math.floor(width / across)
        cellHeight: 196
        model: screen.vm.lockers.length

        delegate: Item {
            id: cell

            required property int index
            readonly property var row: screen.vm.lockers[index] ?? null

            width: wall.cellWidth
            height: wall.cellHeight

            T.AbstractButton {
                id: door

                objectName: "locker" + cell.index
                width: parent.width - 16
                height: parent.height - 16
                text: cell.row?.text ?? ""
                checked: cell.row !== null && screen.vm.chosen === cell.row.id
                Accessible.role: Accessible.Button
                Accessible.name: text + " " + (cell.row?.detail ?? "")
                onClicked: screen.vm.choose(cell.row.id)

                background: Rectangle {
                    radius: Theme.radius
                    color: door.checked || door.down ? Theme.sky : cell.row?.late ? Theme.errorSoft : cell.row?.used ? Theme.paySoft : Theme.card
                    border.width: door.checked ? 6 : 3
                    border.color: door.checked ? Theme.brand : cell.row?.late ? Theme.error : Theme.border
                }

                contentItem: Item {
                    Column {
                        anchors.centerIn: parent
                        width: parent.width - 20

                        Caption {
                            width: parent.width
                            horizontalAlignment: Text.AlignHCenter
                            text: door.text
                            font.pixelSize: 40
                            lineHeight: 1.1
                            bold: true
                            elide: Text.ElideRight
                            maximumLineCount: 2
                        }

                        Caption {
                            width: parent.width
                            horizontalAlignment: Text.AlignHCenter
                            text: cell.row?.detail ?? ""
                            color: cell.row?.late ? Theme.error : cell.row?.used ? Theme.pay : cell.row?.usable ? Theme.ok : Theme.ink2
                            font.pixelSize: Theme.least
                            lineHeight: 1.1
                            bold: true
                            elide: Text.ElideRight
                            maximumLineCount: 2
                        }
                    }
                }
            }
        }
    }

    Caption {
        anchors.centerIn: wall
        visible: screen.vm.known && screen.vm.lockers.length === 0
        text: Lang.tr("还没有柜子")
        color: Theme.ink2
        font.pixelSize: Theme.h2
    }

    Item {
        id: side

        x: Theme.portrait ? 0 : wall.width + 32
        y: Theme.portrait ? wall.height + 20 : 0
        width: parent.width - x
        height: parent.height - y

        Item {
            anchors.fill: parent
            visible: screen.vm.state === ""

            Card {
                id: card

                width: parent.width
                height: parent.height - main.height - others.height - 36

                Column {
                    x: 32
                    y: 20
                    width: parent.width - 64
                    spacing: 12

                    Caption {
                        width: parent.width
                        text: screen.vm.locker.name ?? ""
                        font.pixelSize: Theme.h1
                        lineHeight: 1.1
                        bold: true
                    }

                    Caption {
                        width: parent.width
                        visible: screen.vm.locker.name !== undefined && !screen.vm.locker.used
                        text: screen.vm.locker.usable ?? true ? Lang.tr("空着，可以放东西") : Lang.tr("停用了，不放东西")
                        color: screen.vm.locker.usable ?? true ? Theme.ok : Theme.ink2
                        bold: true
                    }

                    Caption {
                        width: parent.width
                        visible: screen.vm.locker.late ?? false
                        text: Lang.tr("过了时间，请打电话")
                        color: Theme.error
                        bold: true
                    }

                    Repeater {
                        model: screen.vm.locker.facts ?? []

                        Fact {
                            required property var modelData
                            required property int index

                            width: card.width - 64
                            disc: 64
                            glyph: modelData[0]
                            text: modelData[1]
                            bold: index === 0
                        }
                    }

                }
            }

            Row {
                id: others

                readonly property int buttons: (screen.vm.mayStore ? 1 : 0) + (screen.vm.mayKeep ? 2 : 0)
                readonly property real each: (width - 16 * (buttons - 1)) / Math.max(1, buttons)

                y: card.height + 18
                width: parent.width
                height: 104
                spacing: 16

                BigButton {
                    objectName: "findOwner"
                    visible: screen.vm.mayStore
                    width: others.each
                    height: 104
                    text: Lang.tr("按人找")
                    onClicked: screen.vm.findOwner()
                }

                BigButton {
                    objectName: "useLocker"
                    visible: screen.vm.mayKeep
                    enabled: screen.vm.locker.name !== undefined
                    width: others.each
                    height: 104
                    text: screen.vm.locker.usable ?? true ? Lang.tr("停用") : Lang.tr("重新用")
                    onClicked: screen.vm.use()
                }

                BigButton {
                    objectName: "addLocker"
                    visible: screen.vm.mayKeep
                    width: others.each
                    height: 104
                    text: Lang.tr("加 {name}", {
                        "name": screen.vm.nextName
                    })
                    onClicked: screen.vm.add()
                }
            }

            Item {
                id: main

                anchors.bottom: parent.bottom
                width: parent.width
                height: Theme.primary

                BigButton {
                    objectName: "storeHere"
                    visible: screen.vm.mayStore && !(screen.vm.locker.used ?? true)
                    enabled: screen.vm.locker.usable ?? false
                    width: parent.width
                    kind: "primary"
                    glyph: "package-import"
                    text: Lang.tr("放东西")
                    onClicked: screen.vm.takeIn()
                }

                BigButton {
                    objectName: "giveBack"
                    visible: screen.vm.mayStore && (screen.vm.locker.used ?? false)
                    width: parent.width
                    kind: "primary"
                    glyph: "package"
                    text: screen.vm.locker.byTag ?? false ? Lang.tr("取走") : Lang.tr("没带寄存牌，取走")
                    onClicked: screen.vm.giveBack()
                }
            }
        }

        Item {
            anchors.fill: parent
            visible: screen.vm.state === "why"

            WhyPanel {
                width: parent.width
                height: parent.height - (stop.visible ? stop.height + 20 : 0)
                why: screen.vm.why
                question: Lang.tr("怎么知道是本人？")
            }

            BigButton {
                id: stop

                objectName: "whyCancel"
                anchors.bottom: parent.bottom
                visible: !screen.vm.why.typing
                width: parent.width
                glyph: "arrow-left"
                text: Lang.tr("不取了")
                onClicked: screen.vm.goTo("")
            }
        }
    }
}

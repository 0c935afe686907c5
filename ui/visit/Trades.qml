pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

// Groups at the side, their trades as tiles beside them; levels on a sheet, only if one wants.
Page {
    id: screen

    readonly property int count: vm.chosen.length

    title: Lang.tr("您会干什么活？")
    lead: count === 0 ? Lang.tr("左边选大类，右边点工种，可以选好几个") : Lang.tr("已选：{names}", {
        "names": vm.chosen.map(trade => trade.text).join(Lang.code === "zh" ? "、" : ", ")
    })
    wide: true

    Item {
        id: body

        // the head has one or two lines; the choosing always begins at the same place
        y: Theme.portrait ? Math.max(0, screen.third - parent.y) : 0
        width: parent.width
        height: parent.height - y

        Grid {
            id: rail

            readonly property int items: Math.ceil(screen.vm.groups.length / columns)
            readonly property real each: Math.min(110, (body.height - buttons.height - 28 - (items - 1) * spacing) / Math.max(1, items))
            readonly property real itemWidth: (width - (columns - 1) * spacing) / columns

            columns: Theme.portrait ? 1 : 2
            width: Theme.portrait ? 296 : 580
            spacing: 8

            Repeater {
                model: screen.vm.groups

                RailItem {
                    required property var modelData
                    required property int index

                    objectName: "group" + index
                    width: rail.itemWidth
                    height: rail.each
                    glyph: modelData.glyph
                    text: modelData.text
                    checked: index === screen.vm.at
                    onClicked: {
                        grid.contentY = 0;
                        screen.vm.showGroup(index);
                    }
                }
            }
        }

        GridView {
            id: grid

            objectName: "tradeGrid"
            x: rail.width + 20
            width: parent.width - x + 14
            height: parent.height - buttons.height - 28
            cellWidth: Math.floor(width / across)
            readonly property int across: Theme.portrait ? 3 : Math.max(3, Math.floor(width / 236))
            readonly property int down: Math.max(1, Math.ceil(count / across))

            cellHeight: Math.floor(Math.max(148, Math.min(220, height / down)))
            clip: true
            interactive: contentHeight > height
            boundsBehavior: Flickable.StopAtBounds
            model: screen.vm.tiles

            delegate: Item {
                id: cell

                required property var modelData

                width: grid.cellWidth
                height: grid.cellHeight

                TradeTile {
                    objectName: "trade_" + cell.modelData.key
                    width: parent.width - 14
                    height: parent.height - 14
                    glyph: cell.modelData.glyph
                    text: cell.modelData.text
                    badge: cell.modelData.jobs > 0 ? Lang.tr("{n} 个", {
                        "n": cell.modelData.jobs
                    }) : ""
                    checked: screen.vm.chosen.some(trade => trade.key === cell.modelData.key)
                    onClicked: screen.vm.toggle(cell.modelData.key)
                }
            }
        }

        Row {
            id: buttons

            anchors.bottom: parent.bottom
            width: parent.width
            spacing: Theme.gap

            BigButton {
                id: levelButton

                objectName: "levels"
                visible: screen.count > 0
                height: Theme.primary
                glyph: "award"
                text: Lang.tr("选等级")
                onClicked: sheet.visible = true
            }

            // only where the tiles do not fit: nobody has to guess that a list can be drawn
            BigButton {
                id: downButton

                objectName: "tradesDown"
                visible: grid.contentHeight > grid.height + 4
                height: Theme.primary
                glyph: grid.atYEnd ? "arrow-up" : "arrow-down"
                text: grid.atYEnd ? Lang.tr("回到上面") : Lang.tr("下面还有")
                onClicked: grid.contentY = grid.atYEnd ? 0 : Math.min(grid.contentY + 2 * grid.cellHeight, grid.contentHeight - grid.height)
            }

            BigButton {
                objectName: "next"
                width: parent.width - (levelButton.visible ? levelButton.width + Theme.gap : 0) - (downButton.visible ? downButton.width + Theme.gap : 0)
                kind: "primary"
                enabled: screen.count > 0
                text: screen.count > 0 ? Lang.tr("选好了（{n} 个），看活", {
                    "n": screen.count
                }) : Lang.tr("请先点一个工种")
                onClicked: screen.vm.done()
            }
        }
    }

    LevelSheet {
        id: sheet

        parent: screen
        anchors.fill: parent
        visible: false
        trades: screen.vm.chosen
        levels: screen.vm.levels
        onPicked: (trade, level) => screen.vm.setLevel(trade, level)
        onClosed: visible = false
    }
}

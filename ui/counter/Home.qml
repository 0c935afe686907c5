pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    title: Theme.portrait ? Lang.tr("要办什么？") : ""

    Note {
        id: printers

        width: parent.width
        visible: screen.vm.printers !== ""
        tone: "warn"
        glyph: "printer"
        text: screen.vm.printers
    }

    Note {
        id: link

        objectName: "linkNote"
        y: printers.visible ? printers.height + 16 : 0
        width: parent.width
        visible: screen.vm.link !== ""
        tone: "warn"
        glyph: "cloud-off"
        text: screen.vm.link
    }

    Grid {
        id: grid

        // flat tiles while there is room for their words, else tall ones, more of them abreast
        readonly property int count: screen.vm.tiles.length
        readonly property bool many: count > 9
        readonly property bool narrow: !Theme.portrait && screen.width < 1500
        readonly property int across: Theme.portrait ? (many ? 3 : 2) : !many ? 3 : count > 12 && !narrow ? 5 : 4
        readonly property int gap: many ? 22 : 28
        readonly property int down: Math.max(2, Math.ceil(screen.vm.tiles.length / across))
        readonly property real begin: link.visible ? link.y + link.height + 24 : printers.visible ? printers.height + 24 : 0

        property int lines: 1 // of the longest detail

        function measure(): void {
            let most = 1;
            for (let at = 0; at < cells.count; at++)
                most = Math.max(most, (cells.itemAt(at) as Item)?.children[0].lines ?? 0);
            lines = most;
        }

        y: begin
        width: parent.width
        height: parent.height - begin
        columns: across
        spacing: gap

        Repeater {
            id: cells

            model: screen.vm.tiles

            Item {
                id: cell

                required property var modelData

                readonly property bool told: !grid.many || !grid.narrow && height >= 235

                width: (grid.width - (grid.across - 1) * grid.gap) / grid.across
                height: (grid.height - (grid.down - 1) * grid.gap) / grid.down

                Tile {
                    objectName: "tile_" + cell.modelData.place
                    anchors.fill: parent
                    flat: !grid.many && cell.height < 300
                    glyph: cell.modelData.glyph
                    text: cell.modelData.text
                    detail: cell.told ? cell.modelData.detail : ""
                    even: grid.many ? grid.lines : 0
                    share: !cell.told || !grid.many ? 0.44 : 0.32
                    onLinesChanged: grid.measure()
                    size: grid.many ? Theme.body : Theme.h1
                    onClicked: screen.vm.open(cell.modelData.place)
                }

                Rectangle {
                    objectName: "badge_" + cell.modelData.place
                    anchors {
                        right: parent.right
                        top: parent.top
                        margins: 20
                    }
                    visible: cell.modelData.badge !== ""
                    width: Math.max(height, count.implicitWidth + 36)
                    height: 68
                    radius: 34
                    color: cell.modelData.bad ? Theme.error : Theme.brand

                    Text {
                        id: count

                        anchors.centerIn: parent
                        textFormat: Text.PlainText
                        text: cell.modelData.badge
                        color: Theme.paper
                        font.pixelSize: Theme.h2
                        font.bold: true
                    }
                }
            }
        }
    }
}

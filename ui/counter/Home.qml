pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    Note {
        id: printers

        width: parent.width
        visible: screen.vm.printers !== ""
        tone: "warn"
        glyph: "printer"
        text: screen.vm.printers
    }

    Grid {
        id: grid

        readonly property int across: Theme.portrait ? 2 : 3
        readonly property int down: Math.max(2, Math.ceil(screen.vm.tiles.length / across))
        readonly property real begin: printers.visible ? printers.height + 24 : 0

        y: begin
        width: parent.width
        height: parent.height - begin
        columns: across
        spacing: 28

        Repeater {
            model: screen.vm.tiles

            Item {
                id: cell

                required property var modelData

                width: (grid.width - (grid.across - 1) * 28) / grid.across
                height: (grid.height - (grid.down - 1) * 28) / grid.down

                Tile {
                    objectName: "tile_" + cell.modelData.place
                    anchors.fill: parent
                    flat: cell.height < 300
                    glyph: cell.modelData.glyph
                    text: cell.modelData.text
                    detail: cell.modelData.detail
                    size: Theme.h1
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

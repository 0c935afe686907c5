pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

// Letters below, what they find above (or beside).
Page {
    id: screen

    wide: true

    readonly property bool portrait_: Theme.portrait
    readonly property real padWidth: portrait_ ? width - 2 * gutter : (width - 2 * gutter) * 0.56

    Entry {
        id: entry

        objectName: "searchEntry"
        width: screen.padWidth
        height: 124
        text: screen.vm.text
        hint: Lang.tr("点拼音首字母，比如 bj 找保洁")
        size: 64
    }

    GridView {
        id: list

        objectName: "jobList"
        x: screen.portrait_ ? 0 : screen.padWidth + 40
        y: screen.portrait_ ? entry.height + Theme.gap : 0
        width: parent.width - x
        height: screen.portrait_ ? pad.y - y - Theme.gap : parent.height
        cellWidth: width
        cellHeight: 336
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        reuseItems: true
        model: screen.vm.model

        delegate: Item {
            id: cell

            required property int index
            required property string title
            required property string glyph
            required property string pay
            required property string unit
            required property string place
            required property string distance
            required property string when
            required property string openings
            required property var reasons
            required property var tags
            required property bool loading

            width: list.cellWidth
            height: list.cellHeight

            JobCard {
                objectName: "job" + cell.index
                width: parent.width
                height: parent.height - Theme.gap
                title: cell.title
                glyph: cell.glyph
                pay: cell.pay
                unit: cell.unit
                place: cell.place
                distance: cell.distance
                when: cell.when
                openings: cell.openings
                reasons: cell.reasons
                tags: cell.tags
                loading: cell.loading
                enabled: !cell.loading
                onClicked: screen.vm.open(cell.index)
            }
        }

        Caption {
            anchors.centerIn: parent
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            visible: screen.vm.count === 0
            text: Lang.tr("没有找到，换个字试试")
            font.pixelSize: Theme.h2
            color: Theme.ink2
        }
    }

    PinyinPad {
        id: pad

        y: screen.portrait_ ? parent.height - height - all.height - Theme.gap : entry.height + Theme.gap
        width: screen.padWidth
        height: screen.portrait_ ? 560 : parent.height - y - all.height - Theme.gap
        composing: screen.vm.composing
        candidates: screen.vm.candidates
        more: screen.vm.more
        suggestions: screen.vm.suggestions
        onSuggested: word => screen.vm.suggest(word)
        onTyped: letter => screen.vm.type(letter)
        onErased: screen.vm.erase()
        onChosen: character => screen.vm.choose(character)
        onPaged: screen.vm.nextPage()
        onPerPageChanged: screen.vm.room(perPage)
        Component.onCompleted: screen.vm.room(perPage)
    }

    BigButton {
        id: all

        objectName: "showAll"
        anchors.bottom: parent.bottom
        width: screen.padWidth
        kind: "primary"
        height: 128
        enabled: screen.vm.count > 0
        text: screen.vm.count < 0 ? Lang.tr("正在找…") : Lang.tr("看这 {n} 个活", {
            "n": screen.vm.count
        })
        onClicked: screen.vm.showAll()
    }
}

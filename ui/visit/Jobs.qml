pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

// The list. Standing, its head scrolls away, so that every card can be brought within reach.
Page {
    id: screen

    wide: true
    title: Theme.portrait ? "" : screen.heading
    lead: Theme.portrait ? "" : screen.line
    readonly property string heading: vm.seeker !== "" ? Lang.tr("{name}，适合您的活", {
        "name": vm.seeker
    }) : Lang.tr("现在有这些活")
    readonly property string line: vm.count < 0 ? Lang.tr("正在找…") : vm.count === 0 ? Lang.tr("没有找到合适的活") : Lang.tr("一共 {n} 个，最合适的在前面", {
        "n": vm.count
    }) + (vm.hidden > 0 ? Lang.tr("；另有 {n} 个按规定不能介绍给您", {
            "n": vm.hidden
        }) : "")

    component Tools: Flow {
        id: tools

        readonly property real each: Theme.portrait ? (width - (buttons - 1) * spacing) / buttons : width
        readonly property int buttons: screen.vm.seeker !== "" ? 4 : 2

        spacing: 16

        BigButton {
            objectName: "search"
            width: tools.each
            height: 104
            glyph: "search"
            text: Lang.tr("搜活")
            onClicked: screen.vm.search()
        }

        BigButton {
            objectName: "filters"
            width: tools.each
            height: 104
            glyph: "filter"
            text: Lang.tr("筛选")
            onClicked: screen.vm.filters()
        }

        BigButton {
            objectName: "changeTrades"
            visible: screen.vm.seeker !== ""
            width: tools.each
            height: 104
            glyph: "tools"
            text: Lang.tr("改工种")
            onClicked: screen.vm.changeTrades()
        }

        BigButton {
            objectName: "notMe"
            visible: screen.vm.seeker !== ""
            width: tools.each
            height: 104
            glyph: "user-x"
            text: Lang.tr("不是我")
            onClicked: screen.vm.notMe()
        }
    }

    component Narrowed: Flow {
        id: narrowed

        spacing: 12
        visible: screen.vm.filtered.length > 0

        Repeater {
            model: screen.vm.filtered

            Tag {
                required property string modelData

                height: 64
                text: modelData
            }
        }

        BigButton {
            objectName: "showAll"
            height: 86
            glyph: "x"
            text: Lang.tr("看全部")
            onClicked: screen.vm.showAll()
        }
    }

    component Reminder: Note {
        objectName: "reminder"
        visible: text !== ""
        tone: "error"
        text: screen.vm.reminder
    }

    component Head: Column {
        width: screen.width - 2 * screen.gutter
        spacing: 20

        Caption {
            width: parent.width
            text: screen.heading
            font.pixelSize: Theme.hero
            lineHeight: 1.15
            bold: true
        }

        Caption {
            width: parent.width
            text: screen.line
            color: Theme.ink2
        }

        Item {
            width: 1
            height: Math.max(0, screen.third - screen.headEnd - 300)
        }

        Tools {
            width: parent.width
        }

        Narrowed {
            width: parent.width
        }

        Reminder {
            width: parent.width
        }

        Item {
            width: 1
            height: 4
        }
    }

    Column {
        id: side

        visible: !Theme.portrait
        width: 330
        spacing: 24

        Tools {
            width: parent.width
        }

        Narrowed {
            width: parent.width
        }
    }

    Reminder {
        id: band

        readonly property bool shown: !Theme.portrait && text !== ""

        visible: shown
        x: list.x
        width: parent.width - x
    }

    GridView {
        id: list

        readonly property int across: Theme.portrait ? 1 : screen.width > 1700 ? 2 : 1

        objectName: "jobList"
        x: Theme.portrait ? 0 : side.width + 40
        y: band.shown ? band.height + 20 : 0
        width: parent.width - x + (across > 1 ? Theme.gap : 0)
        height: parent.height + 28 - y
        cellWidth: Math.floor(width / across)
        cellHeight: 336
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        cacheBuffer: 336
        reuseItems: true
        model: screen.vm.model
        header: Theme.portrait ? head : null
        // where it was left; the head finds its height only after the list is made
        property bool moved: false
        onMovementStarted: moved = true
        onOriginYChanged: {
            if (!moved)
                contentY = originY + screen.vm.scrolled;
        }
        Component.onCompleted: contentY = originY + screen.vm.scrolled
        Component.onDestruction: screen.vm.scrolled = contentY - originY

        Component {
            id: head

            Head {}
        }

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
                width: parent.width - (list.across > 1 ? Theme.gap : 0)
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
    }

    Column {
        x: list.x
        y: Theme.portrait ? parent.height * 0.6 : 80
        width: list.width
        spacing: 32
        visible: screen.vm.count === 0

        Icon {
            anchors.horizontalCenter: parent.horizontalCenter
            name: "mood-smile"
            size: 160
        }

        Caption {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: Lang.tr("换个工种、放宽筛选再看看，或者问问工作人员。")
            font.pixelSize: Theme.h2
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick

// The frame of every screen. Standing: band and progress, then what is told (upper third), then what is done (lower
// two thirds), navigation at the foot. Lying: navigation in the head, what is told at the left, what is done at the right.
// `wide`: the screen lays out the whole of `action` itself and there is no `info`.
Rectangle {
    id: page

    required property var vm
    property string title: ""
    property string lead: ""
    property string glyph: ""
    property bool wide: false
    property real infoShare: 0.40
    property alias info: infoSlot.data
    default property alias action: actionSlot.data

    readonly property bool portrait: Theme.portrait
    readonly property int headEnd: portrait ? (vm.progress > 0 ? 264 : 140) : 136
    readonly property int footHeight: portrait ? 152 : 0
    readonly property int gutter: portrait ? Theme.margin : 56
    readonly property bool inOneLine: wide && !portrait // the lead beside the title
    readonly property int third: Math.round(height / 3)

    color: Theme.bg

    Rectangle {
        width: parent.width
        height: 120
        color: Theme.sky
    }

    Rectangle {
        visible: page.portrait
        y: page.height - page.footHeight
        width: parent.width
        height: page.footHeight
        color: Theme.sky
    }

    // the hall's sign
    Row {
        x: page.portrait ? Theme.margin : backRow.x + backRow.width + (backRow.width > 0 ? 36 : 0)
        height: 120
        spacing: 18
        visible: page.portrait || page.vm.progress === 0 || page.width > 1400

        Icon {
            anchors.verticalCenter: parent.verticalCenter
            name: "logo"
            size: 80
        }

        Caption {
            anchors.verticalCenter: parent.verticalCenter
            visible: page.portrait || page.vm.progress === 0
            text: page.vm.hallName
            font.pixelSize: Theme.h2
            bold: true
            wrapMode: Text.NoWrap
        }
    }

    NavButtons {
        id: backRow

        x: page.portrait ? Theme.margin : 32
        y: page.portrait ? page.height - page.footHeight + (page.footHeight - each) / 2 : 12
        each: page.portrait ? 104 : 96
        vm: page.vm
        names: page.portrait ? ["back", "leave", "language"] : ["back", "leave"]
    }

    NavButtons {
        id: helpRow

        anchors {
            right: parent.right
            rightMargin: page.portrait ? Theme.margin : 32
        }
        y: backRow.y
        each: backRow.each
        vm: page.vm
        names: page.portrait ? ["help"] : ["language", "help"]
    }

    Loader {
        x: page.portrait ? 0 : Math.max(page.width - helpRow.width - 32 - 24 - width, backRow.x + backRow.width + 24)
        y: page.portrait ? 140 : 8
        width: page.portrait ? page.width : Math.min(760, page.width - helpRow.width - backRow.width - 110)
        active: page.vm.progress > 0
        sourceComponent: Progress {
            at: page.vm.progress
        }
    }

    Column {
        id: heading

        readonly property int inset: page.glyph !== "" ? disc.width + 32 : 0

        x: page.gutter
        y: page.headEnd + (page.portrait ? 14 : 20)
        width: page.wide ? page.width - 2 * page.gutter : page.portrait ? page.width - 2 * page.gutter : page.width * page.infoShare - page.gutter
        spacing: 10

        Caption {
            id: name

            width: heading.width - heading.inset
            visible: page.title !== ""
            text: page.title
            font.pixelSize: page.wide && !page.portrait ? Theme.h1 : Theme.hero
            lineHeight: 1.15
            bold: true
        }

        Caption {
            width: heading.width - heading.inset
            visible: page.lead !== "" && !page.inOneLine
            text: page.lead
            color: Theme.ink2
        }
    }

    Caption {
        anchors {
            left: heading.left
            leftMargin: name.contentWidth + 36
            right: heading.right
            rightMargin: heading.inset
        }
        y: heading.y + (name.height - height) / 2 + 6
        visible: page.lead !== "" && page.inOneLine
        text: page.lead
        color: Theme.ink2
        elide: Text.ElideRight
        wrapMode: Text.NoWrap
    }

    Rectangle {
        id: disc

        anchors.right: heading.right
        y: heading.y
        width: page.portrait ? 200 : 108
        height: width
        radius: width / 2
        color: Theme.sky
        visible: page.glyph !== ""

        Icon {
            anchors.centerIn: parent
            name: page.glyph
            size: Math.round(disc.width * 0.58)
        }
    }

    Item {
        id: infoSlot

        x: page.gutter
        y: heading.y + heading.height + 28
        width: heading.width
        height: (page.portrait ? page.third : page.height) - 28 - y
        visible: !page.wide
    }

    Item {
        id: actionSlot

        x: page.wide || page.portrait ? page.gutter : page.width * page.infoShare + 40
        y: page.wide ? heading.y + Math.max(heading.height, page.glyph !== "" ? disc.height : 0) + (heading.height > 0 ? 24 : 0) : page.portrait ? page.third + 16 : page.headEnd + 20
        width: page.width - x - page.gutter
        height: page.height - page.footHeight - 28 - y
    }
}

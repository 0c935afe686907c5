pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

// The pinyin pad on a Typist, with digits; beneath it the switch to letters as they are, space and stops.
Item {
    id: writing

    required property var pad

    PinyinPad {
        id: letters

        width: parent.width
        height: parent.height - marks.height - 14
        digits: true
        latin: writing.pad.latin
        composing: writing.pad.composing
        candidates: writing.pad.candidates
        more: writing.pad.more
        onTyped: letter => writing.pad.type(letter)
        onErased: writing.pad.erase()
        onChosen: character => writing.pad.choose(character)
        onPaged: writing.pad.nextPage()
        onPerPageChanged: writing.pad.room(perPage)
        Component.onCompleted: writing.pad.room(perPage)
    }

    Row {
        id: marks

        readonly property var stops: (writing.pad.latin ? [",", ".", "-", "/"] : ["，", "。", "、", "-"]).slice(0, width < 780 ? 3 : 4)
        readonly property real each: (width - latin.width - space.width - (stops.length + 1) * spacing) / stops.length

        anchors.bottom: parent.bottom
        width: parent.width
        height: 96
        spacing: 10

        Chip {
            id: latin

            objectName: "writingLatin"
            height: 96
            glyph: "language"
            text: writing.pad.latin ? Lang.tr("写汉字") : Lang.tr("写字母")
            onClicked: writing.pad.switchLatin()
        }

        Key {
            id: space

            objectName: "writingSpace"
            width: 130
            height: 96
            size: Theme.body
            text: Lang.tr("空格")
            onClicked: writing.pad.choose(" ")
        }

        Repeater {
            model: marks.stops

            Key {
                required property string modelData
                required property int index

                objectName: "mark" + index
                width: marks.each
                height: 96
                size: Theme.h2
                text: modelData
                onClicked: writing.pad.choose(modelData)
            }
        }
    }
}

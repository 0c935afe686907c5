pragma ComponentBehavior: Bound
import QtQuick

// Letters, the characters they may mean, and nothing else: what is typed stays in the view model.
// `candidates` are the characters of the page shown; `more` says that there are further ones.
Item {
    id: pad

    property string composing: ""
    property var candidates: []
    property bool more: false
    property bool digits: false
    property bool dot: false // 买买提·某
    property bool latin: false // letters stand for themselves
    property var suggestions: [] // whole words, shown while nothing is composed
    readonly property int perPage: Math.max(4, Math.floor((width - 290) / 102))
    readonly property var rows: digits ? ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"] : ["qwertyuiop", "asdfghjkl", "zxcvbnm"]
    readonly property real keyWidth: (width - 9 * 10) / 10
    readonly property real keyHeight: (height - strip.height - 20 - (rows.length - 1) * 14) / rows.length

    signal typed(letter: string)
    signal erased
    signal chosen(character: string)
    signal suggested(word: string)
    signal paged

    Rectangle {
        id: strip

        width: parent.width
        height: 128
        radius: Theme.radius
        color: Theme.sky

        Caption {
            id: composed

            x: 24
            anchors.verticalCenter: parent.verticalCenter
            visible: text !== ""
            text: pad.composing
            color: Theme.brand
            bold: true
        }

        Caption {
            anchors.fill: parent
            anchors.margins: 24
            visible: pad.composing === "" && pad.candidates.length === 0 && pad.suggestions.length === 0
            text: pad.latin ? Lang.tr("点字母就写上去") : Lang.tr("点字母拼音，再点上面出来的字")
            color: Theme.ink2
        }

        Row {
            id: words

            x: 16
            width: parent.width - 32
            anchors.verticalCenter: parent.verticalCenter
            height: 96
            spacing: 12
            clip: true
            visible: pad.composing === "" && pad.candidates.length === 0

            Repeater {
                model: words.visible ? pad.suggestions : []

                Key {
                    id: word

                    required property string modelData
                    required property int index

                    objectName: "suggestion" + index
                    visible: x + width <= words.width
                    width: label.width + 48
                    height: 96
                    text: modelData
                    size: Theme.body
                    onClicked: pad.suggested(modelData)

                    TextMetrics {
                        id: label

                        text: word.modelData
                        font.pixelSize: Theme.body
                        font.bold: true
                    }
                }
            }
        }

        Row {
            id: choices

            anchors {
                left: composed.visible ? composed.right : parent.left
                leftMargin: 20
                right: moreKey.left
                rightMargin: 10
                verticalCenter: parent.verticalCenter
            }
            height: 104
            spacing: 6
            clip: true

            Repeater {
                model: pad.candidates

                Key {
                    required property string modelData
                    required property int index

                    objectName: "candidate" + index
                    width: 96
                    height: 104
                    text: modelData
                    size: 60
                    onClicked: pad.chosen(modelData)
                }
            }
        }

        Key {
            id: moreKey

            objectName: "candidatesMore"
            anchors {
                right: parent.right
                rightMargin: 12
                verticalCenter: parent.verticalCenter
            }
            visible: pad.more
            width: 104
            height: 104
            text: Lang.tr("更多字")
            glyph: "chevron-right"
            onClicked: pad.paged()
        }
    }

    Column {
        y: strip.height + 20
        width: parent.width
        spacing: 14

        Repeater {
            model: pad.rows

            Row {
                id: line

                required property string modelData
                required property int index
                readonly property bool last: index === pad.rows.length - 1

                anchors.horizontalCenter: parent?.horizontalCenter
                spacing: 10

                Key {
                    objectName: "letterDot"
                    visible: line.last && pad.dot
                    width: pad.keyWidth
                    height: pad.keyHeight
                    text: "·"
                    size: 56
                    onClicked: pad.chosen("·")
                }

                Repeater {
                    model: line.modelData.split("")

                    Key {
                        required property string modelData

                        objectName: "letter_" + modelData
                        width: pad.keyWidth
                        height: pad.keyHeight
                        text: modelData
                        size: 56
                        onClicked: pad.typed(modelData)
                    }
                }

                Key {
                    objectName: "letterErase"
                    visible: line.last
                    width: pad.keyWidth * 2 + 10
                    height: pad.keyHeight
                    text: Lang.tr("退一格")
                    glyph: "backspace"
                    onClicked: pad.erased()
                }
            }
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T

// One posting in the list. Everything comes as finished text.
T.AbstractButton {
    id: card

    property string title: ""
    property string glyph: ""
    property string pay: ""
    property string unit: ""
    property string place: ""
    property string distance: ""
    property string when: ""
    property string openings: ""
    property var reasons: []
    property var tags: []
    property bool loading: false

    implicitHeight: 312
    Accessible.role: Accessible.Button
    Accessible.name: loading ? Lang.tr("正在取来…") : [title, pay, unit, place, when].join(" ")

    background: Rectangle {
        radius: Theme.radiusLarge
        color: card.down ? Theme.sky : Theme.card
        border.width: 2
        border.color: card.down ? Theme.brand : Theme.hairline
    }

    contentItem: Item {
        Caption {
            anchors.centerIn: parent
            visible: card.loading
            text: Lang.tr("正在取来…")
            color: Theme.ink2
        }

        Item {
            anchors.fill: parent
            anchors.margins: 26
            visible: !card.loading

            Rectangle {
                id: disc

                width: card.width > 560 ? 88 : 0
                height: 88
                radius: 44
                visible: width > 0
                color: Theme.sky

                Icon {
                    anchors.centerIn: parent
                    name: card.glyph
                    size: 54
                }
            }

            Text {
                id: name

                anchors {
                    left: disc.right
                    leftMargin: disc.visible ? 24 : 0
                    right: money.left
                    rightMargin: 20
                    verticalCenter: disc.verticalCenter
                }
                text: card.title
                color: Theme.ink
                height: 92
                font.pixelSize: Theme.h2
                font.bold: true
                fontSizeMode: Text.Fit
                minimumPixelSize: Theme.least
                elide: Text.ElideRight
                maximumLineCount: 2
                wrapMode: Text.Wrap
                verticalAlignment: Text.AlignVCenter
                textFormat: Text.PlainText
            }

            Row {
                id: money

                anchors {
                    right: parent.right
                    verticalCenter: disc.verticalCenter
                }
                spacing: 10

                Text {
                    id: figure

                    textFormat: Text.PlainText
                    text: card.pay
                    color: Theme.pay
                    font.pixelSize: 68
                    font.bold: true
                }

                Text {
                    anchors.baseline: figure.baseline
                    textFormat: Text.PlainText
                    text: card.unit
                    color: Theme.ink2
                    font.pixelSize: Theme.body
                }
            }

            Row {
                id: whenRow

                anchors {
                    left: parent.left
                    top: disc.bottom
                    topMargin: 10
                }
                height: 50
                spacing: 12

                Icon {
                    anchors.verticalCenter: parent.verticalCenter
                    name: "clock"
                    tint: Theme.ink2
                    size: 40
                }

                Text {
                    anchors.verticalCenter: parent.verticalCenter
                    width: Math.min(implicitWidth, card.width - 52 - 52)
                    textFormat: Text.PlainText
                    text: card.when
                    color: Theme.ink
                    font.pixelSize: Theme.body
                    elide: Text.ElideRight
                }
            }

            Text {
                id: seats

                anchors {
                    right: parent.right
                    verticalCenter: tagRow.verticalCenter
                }
                textFormat: Text.PlainText
                text: card.openings
                color: Theme.ink2
                font.pixelSize: Theme.body
            }

            Row {
                id: placeRow

                anchors {
                    left: parent.left
                    top: whenRow.bottom
                }
                height: 50
                spacing: 12

                Icon {
                    anchors.verticalCenter: parent.verticalCenter
                    name: "map-pin"
                    tint: Theme.ink2
                    size: 40
                }

                Text {
                    anchors.verticalCenter: parent.verticalCenter
                    width: Math.min(implicitWidth, card.width - 60 - 52 - far.width - 28)
                    textFormat: Text.PlainText
                    text: card.place
                    color: Theme.ink
                    font.pixelSize: Theme.body
                    elide: Text.ElideRight
                }
            }

            Text {
                id: far

                anchors {
                    right: parent.right
                    verticalCenter: placeRow.verticalCenter
                }
                textFormat: Text.PlainText
                text: card.distance
                color: Theme.brand
                font.pixelSize: Theme.body
                font.bold: true
            }

            Row {
                id: tagRow

                anchors {
                    left: parent.left
                    right: seats.left
                    rightMargin: 16
                    top: placeRow.bottom
                    topMargin: 10
                }
                height: 52
                spacing: 12
                clip: true

                Repeater {
                    model: card.reasons

                    Tag {
                        required property string modelData

                        text: modelData
                        visible: x + width <= tagRow.width
                        strong: true
                    }
                }

                Repeater {
                    model: card.tags

                    Tag {
                        required property string modelData

                        text: modelData
                        visible: x + width <= tagRow.width
                    }
                }
            }
        }
    }
}

import QtQuick

// What has been typed so far, with a caret; nothing here takes keys itself.
Rectangle {
    id: entry

    property string text: ""
    property string hint: ""
    property bool good: false
    property bool bad: false
    property int size: 72

    implicitHeight: 150
    radius: Theme.radius
    color: Theme.card
    border.width: 4
    border.color: bad ? Theme.error : good ? Theme.ok : Theme.brand
    Accessible.role: Accessible.StaticText
    Accessible.name: text === "" ? hint : text

    Row {
        anchors.centerIn: parent
        spacing: 8

        Text {
            anchors.verticalCenter: parent.verticalCenter
            text: entry.text === "" ? entry.hint : entry.text
            color: entry.text === "" ? Theme.ink2 : Theme.ink
            font.pixelSize: entry.text === "" ? Theme.body : Math.min(entry.size, entry.size * (entry.width - 120) / Math.max(1, measure.width))
            font.bold: entry.text !== ""
            textFormat: Text.PlainText
        }

        Rectangle {
            anchors.verticalCenter: parent.verticalCenter
            width: 5
            height: entry.size
            color: Theme.brand
            visible: !entry.good
        }

        Icon {
            anchors.verticalCenter: parent.verticalCenter
            visible: entry.good
            name: "circle-check"
            tint: Theme.ok
            size: 64
        }
    }

    TextMetrics {
        id: measure

        text: entry.text
        font.pixelSize: entry.size
        font.bold: true
    }
}

import QtQuick

// An icon in a soft circle, a large line and, if wanted, a small one beneath.
Item {
    id: fact

    property string glyph: ""
    property string text: ""
    property string detail: ""
    property int size: Theme.body
    property bool bold: false
    property color tint: Theme.brand
    property int disc: 80

    implicitHeight: Math.max(disc, words.implicitHeight)

    Rectangle {
        id: circle

        width: fact.disc
        height: fact.disc
        radius: width / 2
        color: Theme.sky
        y: (fact.height - height) / 2

        Icon {
            anchors.centerIn: parent
            name: fact.glyph
            tint: fact.tint
            size: Math.round(fact.disc * 0.58)
        }
    }

    Column {
        id: words

        anchors {
            left: circle.right
            leftMargin: 28
            right: parent.right
            verticalCenter: parent.verticalCenter
        }

        Caption {
            width: parent.width
            text: fact.text
            font.pixelSize: fact.size
            bold: fact.bold
        }

        Caption {
            width: parent.width
            visible: fact.detail !== ""
            text: fact.detail
            color: Theme.ink2
            font.pixelSize: Theme.least
        }
    }
}

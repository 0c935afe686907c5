pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    title: Lang.tr("逾期")
    lead: Lang.tr("打电话催一催，打完点一下结果")

    ListView {
        id: list

        objectName: "overdueList"
        width: Theme.portrait ? parent.width : parent.width * 0.56
        height: Theme.portrait ? parent.height * 0.42 : parent.height
        clip: true
        spacing: 16
        boundsBehavior: Flickable.StopAtBounds
        model: screen.vm.rentals

        delegate: RowButton {
            required property var modelData
            required property int index

            objectName: "late" + index
            width: list.width
            glyph: "alert-triangle"
            tint: Theme.error
            text: modelData.text
            detail: modelData.detail
            side: modelData.side
            sideTint: Theme.error
            checked: screen.vm.chosen === index
            onClicked: screen.vm.choose(index)
        }
    }

    Nothing {
        anchors.centerIn: parent
        width: parent.width
        visible: screen.vm.known && screen.vm.rentals.length === 0
        text: Lang.tr("没有逾期的，都按时还了")
    }

    Item {
        x: Theme.portrait ? 0 : list.width + 40
        y: Theme.portrait ? list.height + 20 : 0
        width: parent.width - x
        height: parent.height - y
        visible: screen.vm.chosen >= 0

        Rectangle {
            id: phone

            width: parent.width
            height: 150
            radius: Theme.radiusLarge
            color: Theme.sky

            Row {
                anchors.centerIn: parent
                spacing: 24

                Icon {
                    anchors.verticalCenter: parent.verticalCenter
                    name: "phone-call"
                    size: 72
                }

                Text {
                    objectName: "phone"
                    anchors.verticalCenter: parent.verticalCenter
                    textFormat: Text.PlainText
                    text: screen.vm.phone === "" ? Lang.tr("没有留电话") : screen.vm.phone
                    color: Theme.ink
                    font.pixelSize: Theme.hero
                    font.bold: true
                }
            }
        }

        WhyPanel {
            id: notes

            y: phone.height + 4
            width: parent.width
            height: screen.vm.why.typing ? parent.height - y : 388
            why: screen.vm.why
        }

        ListView {
            id: calls

            y: notes.y + notes.height + 20
            width: parent.width
            height: toReturn.y - 16 - y
            visible: !screen.vm.why.typing
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            model: screen.vm.calls

            delegate: Caption {
                required property string modelData

                width: calls.width
                text: modelData
                color: Theme.ink2
                font.pixelSize: Theme.least
            }
        }

        BigButton {
            id: toReturn

            objectName: "giveBack"
            anchors.bottom: parent.bottom
            width: parent.width
            visible: !screen.vm.why.typing
            glyph: "package-import"
            text: Lang.tr("来还了")
            onClicked: screen.vm.giveBack()
        }
    }
}

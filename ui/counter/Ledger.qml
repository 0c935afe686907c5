pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    title: Lang.tr("台账")
    lead: vm.count

    Row {
        id: spans

        width: parent.width
        height: 96
        spacing: 20

        Repeater {
            model: screen.vm.spans

            Chip {
                required property var modelData

                objectName: "span" + modelData.days
                width: (spans.width - 60) / 4
                height: 96
                text: modelData.text
                checked: modelData.chosen
                onClicked: screen.vm.span(modelData.days)
            }
        }
    }

    BigButton {
        objectName: "disputes"
        x: parent.width - width
        width: (spans.width - 60) / 4
        height: 96
        glyph: Theme.portrait ? "" : "message"
        text: screen.vm.disputes > 0 ? Lang.tr("争议 {n} 个", {
            "n": screen.vm.disputes
        }) : Lang.tr("争议")
        onClicked: screen.vm.openDisputes()
    }

    ListView {
        id: list

        objectName: "ledgerList"
        y: spans.height + 24
        width: parent.width
        height: parent.height - y
        clip: true
        spacing: 16
        boundsBehavior: Flickable.StopAtBounds
        model: screen.vm.rentals

        delegate: RowButton {
            required property var modelData
            required property int index

            objectName: "rental" + index
            width: list.width
            glyph: modelData.late ? "alert-triangle" : "receipt"
            tint: modelData.late ? Theme.error : Theme.brand
            text: modelData.text
            detail: modelData.detail
            side: modelData.side
            sideTint: modelData.late ? Theme.error : modelData.out ? Theme.pay : Theme.ink2
            arrow: true
            onClicked: screen.vm.open(index)
        }
    }

    Nothing {
        anchors.centerIn: list
        width: list.width
        visible: screen.vm.known && screen.vm.rentals.length === 0
        glyph: "clipboard-list"
        tint: Theme.ink2
        text: Lang.tr("这些天没有租用")
    }
}

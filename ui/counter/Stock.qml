pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    title: Lang.tr("库存")
    lead: Lang.tr("扫标签看一件工具的账")

    ListView {
        id: models

        objectName: "modelList"
        width: Theme.portrait ? parent.width : parent.width * 0.42
        height: Theme.portrait ? parent.height * 0.46 : parent.height
        clip: true
        spacing: 14
        boundsBehavior: Flickable.StopAtBounds
        model: screen.vm.models

        delegate: RowButton {
            required property var modelData
            required property int index

            objectName: "model" + index
            width: models.width
            implicitHeight: 116
            glyph: modelData.glyph
            text: modelData.text
            side: modelData.side
            sideTint: modelData.none ? Theme.error : Theme.ok
            checked: screen.vm.chosen === modelData.id
            onClicked: screen.vm.choose(modelData.id)
        }
    }

    Item {
        x: Theme.portrait ? 0 : models.width + 40
        y: Theme.portrait ? models.height + 20 : 0
        width: parent.width - x
        height: parent.height - y

        Note {
            id: terms

            width: parent.width
            visible: screen.vm.terms !== ""
            glyph: "receipt-yuan"
            text: screen.vm.terms
        }

        ListView {
            id: tools

            objectName: "toolList"
            y: terms.height + 20
            width: parent.width
            height: parent.height - y
            clip: true
            spacing: 14
            boundsBehavior: Flickable.StopAtBounds
            model: screen.vm.tools

            delegate: RowButton {
                required property var modelData
                required property int index

                objectName: "tool" + index
                width: tools.width
                glyph: "tag"
                text: modelData.text
                detail: modelData.detail
                side: modelData.side
                sideTint: modelData.good ? Theme.ink2 : Theme.pay
                arrow: true
                onClicked: screen.vm.open(index)
            }
        }
    }
}

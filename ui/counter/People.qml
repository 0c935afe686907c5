pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    title: Lang.tr("人员")

    ListView {
        id: list

        objectName: "peopleList"
        width: parent.width
        height: parent.height - add.height - 28
        clip: true
        spacing: 20
        boundsBehavior: Flickable.StopAtBounds
        model: screen.vm.people

        delegate: Card {
            id: row

            required property var modelData
            required property int index

            width: list.width
            height: 150

            Fact {
                anchors {
                    left: parent.left
                    leftMargin: 32
                    right: buttons.left
                    rightMargin: 24
                    verticalCenter: parent.verticalCenter
                }
                glyph: row.modelData.active ? "user" : "user-x"
                text: row.modelData.name
                detail: row.modelData.active ? row.modelData.roles : Lang.tr("已离岗")
                size: Theme.h2
                bold: true
            }

            Row {
                id: buttons

                anchors {
                    right: parent.right
                    rightMargin: 32
                    verticalCenter: parent.verticalCenter
                }
                spacing: 20

                BigButton {
                    objectName: "newPin" + row.index
                    visible: row.modelData.active && screen.vm.leaving !== row.modelData.id
                    height: 104
                    glyph: "key"
                    text: Lang.tr("换 PIN")
                    onClicked: screen.vm.newPin(row.modelData.id)
                }

                BigButton {
                    objectName: "leave" + row.index
                    visible: row.modelData.active && !row.modelData.me && screen.vm.leaving !== row.modelData.id
                    height: 104
                    text: Lang.tr("离岗")
                    onClicked: screen.vm.askLeave(row.modelData.id)
                }

                BigButton {
                    objectName: "reallyLeave" + row.index
                    visible: screen.vm.leaving === row.modelData.id
                    height: 104
                    kind: "danger"
                    text: Lang.tr("确定离岗，PIN 立即停用")
                    onClicked: screen.vm.endWork(row.modelData.id)
                }
            }
        }
    }

    BigButton {
        id: add

        objectName: "hire"
        anchors.bottom: parent.bottom
        width: parent.width
        kind: "primary"
        glyph: "user-plus"
        text: Lang.tr("加一位工作人员")
        onClicked: screen.vm.hire()
    }
}

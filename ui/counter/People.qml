pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    title: Lang.tr("人员")
    lead: Lang.tr("点一个人，改岗位、PIN、工牌")

    ListView {
        id: list

        objectName: "peopleList"
        width: parent.width
        height: parent.height - add.height - 28
        clip: true
        spacing: 20
        boundsBehavior: Flickable.StopAtBounds
        model: screen.vm.people

        delegate: RowButton {
            required property var modelData
            required property int index

            objectName: "staff" + index
            width: list.width
            glyph: modelData.active ? "user" : "user-x"
            tint: modelData.active ? Theme.brand : Theme.ink2
            text: modelData.name
            detail: modelData.roles
            side: modelData.badge
            arrow: true
            onClicked: screen.vm.open(modelData.id)
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

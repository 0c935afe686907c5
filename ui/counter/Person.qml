pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

// One person: who they are, and what a supervisor may do about it. What ends something is asked twice.
Frame {
    id: screen

    readonly property var acts: !vm.known ? [] : !vm.active ? [["comeBack", "user-check", Lang.tr("重新上岗"), Lang.tr("本人重新设一个 PIN")]] : [["changeRoles", "id-badge-2", Lang.tr("改岗位"), vm.roles], ["newPin", "key", Lang.tr("换 PIN"), Lang.tr("忘了，或者锁住了")], ["badge", "qrcode", Lang.tr("打印工牌"), vm.badge ? Lang.tr("以前的工牌会作废") : Lang.tr("扫一下就能登录")], ["revoke", "ban", Lang.tr("工牌作废"), Lang.tr("丢了马上作废")], ["leave", "door-exit", Lang.tr("离岗"), Lang.tr("PIN 和工牌马上停用")]]

    title: vm.name

    function act(what: string): void {
        switch (what) {
        case "changeRoles":
            return vm.changeRoles();
        case "newPin":
            return vm.newPin();
        case "comeBack":
            return vm.comeBack();
        }
        vm.ask(what);
    }

    Column {
        id: facts

        width: parent.width
        spacing: 20

        Note {
            width: parent.width
            visible: screen.vm.known && !screen.vm.active
            tone: "warn"
            text: Lang.tr("已离岗")
        }

        Note {
            width: parent.width
            visible: text !== ""
            tone: "warn"
            text: screen.vm.locked
        }
    }

    Grid {
        id: grid

        y: facts.height > 0 ? facts.height + 24 : 0
        width: parent.width
        columns: Theme.portrait ? 1 : 2
        spacing: 24

        Repeater {
            model: screen.acts

            Item {
                id: cell

                required property var modelData
                readonly property string what: modelData[0]
                readonly property bool asks: screen.vm.asking === what
                readonly property bool able: (what !== "revoke" || screen.vm.badge) && (what !== "leave" || !screen.vm.me)

                visible: able
                width: (grid.width - 24 * (grid.columns - 1)) / grid.columns
                height: Theme.portrait ? 220 : 250

                Tile {
                    objectName: cell.what
                    anchors.fill: parent
                    visible: !cell.asks
                    flat: true
                    glyph: cell.modelData[1]
                    text: cell.modelData[2]
                    detail: cell.modelData[3]
                    onClicked: screen.act(cell.what)
                }

                Row {
                    anchors.fill: parent
                    visible: cell.asks
                    spacing: 20

                    BigButton {
                        objectName: cell.what + "No"
                        width: (parent.width - 20) * 0.35
                        height: parent.height
                        text: Lang.tr("不了")
                        onClicked: screen.vm.ask("")
                    }

                    BigButton {
                        objectName: cell.what + "Yes"
                        width: (parent.width - 20) * 0.65
                        height: parent.height
                        kind: cell.what === "badge" ? "primary" : "danger"
                        text: cell.what === "badge" ? Lang.tr("打新工牌") : cell.what === "revoke" ? Lang.tr("确定，工牌作废") : Lang.tr("确定离岗，PIN 立即停用")
                        onClicked: cell.what === "badge" ? screen.vm.printBadge() : cell.what === "revoke" ? screen.vm.revokeBadge() : screen.vm.endWork()
                    }
                }
            }
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    readonly property bool standing: vm.person !== ""

    title: Lang.tr("个人信息")
    lead: Lang.tr("本人来查、来要、来删，先看证件")

    Item {
        id: ask

        width: !screen.vm.supervisor ? 0 : Theme.portrait ? parent.width : parent.width * 0.38
        height: !screen.vm.supervisor ? 0 : Theme.portrait ? parent.height * 0.44 : parent.height
        visible: screen.vm.supervisor

        Entry {
            id: entry

            objectName: "personEntry"
            width: parent.width
            height: 130
            size: 56
            text: screen.vm.typed
            hint: Lang.tr("身份证号，或扫对接单")
        }

        Keypad {
            y: entry.height + 20
            width: parent.width
            height: bans.y - 20 - y
            withX: true
            onTyped: key => screen.vm.digits.type(key)
            onErased: screen.vm.digits.erase()
        }

        BigButton {
            id: bans

            objectName: "bans"
            anchors.bottom: parent.bottom
            width: parent.width
            height: 104
            listed: true
            glyph: "ban"
            text: Lang.tr("暂停名单")
            onClicked: screen.vm.openBans()
        }
    }

    Item {
        id: rest

        x: Theme.portrait || !screen.vm.supervisor ? 0 : ask.width + 48
        y: Theme.portrait && screen.vm.supervisor ? ask.height + 24 : 0
        width: parent.width - x
        height: parent.height - y

        // who it may be
        ListView {
            objectName: "peopleList"
            anchors.fill: parent
            visible: !screen.standing && screen.vm.people.length > 0
            clip: true
            spacing: 16
            boundsBehavior: Flickable.StopAtBounds
            model: screen.vm.people

            delegate: RowButton {
                required property var modelData
                required property int index

                objectName: "found" + index
                width: ListView.view.width
                glyph: "user"
                text: modelData.text
                detail: modelData.detail
                side: modelData.side
                arrow: true
                onClicked: screen.vm.choose(index)
            }
        }

        Caption {
            anchors.centerIn: parent
            visible: screen.vm.looked && !screen.standing && screen.vm.people.length === 0
            text: Lang.tr("这里没有这个人的资料")
            color: Theme.ink2
            font.pixelSize: Theme.h2
        }

        // one person
        Card {
            anchors.fill: parent
            visible: screen.standing

            Fact {
                id: who

                x: 32
                y: 24
                width: parent.width - 64 - away.width
                glyph: "user"
                text: screen.vm.person + "　" + screen.vm.number
                detail: Lang.tr("最近来过") + "　" + screen.vm.seen
                size: Theme.h2
                bold: true
            }

            Key {
                id: away

                objectName: "putAway"
                anchors {
                    right: parent.right
                    top: parent.top
                    margins: 16
                }
                width: 96
                height: 96
                soft: true
                text: Lang.tr("收起")
                glyph: "x"
                onClicked: screen.vm.putAway()
            }

            ListView {
                id: kept

                objectName: "keptList"
                x: 32
                y: who.y + who.height + 20
                width: parent.width - 64
                height: acts.y - 16 - y
                clip: true
                spacing: 6
                boundsBehavior: Flickable.StopAtBounds
                model: screen.vm.kept

                delegate: Item {
                    id: line

                    required property var modelData

                    width: ListView.view.width
                    height: 56

                    Caption {
                        width: parent.width - 220
                        text: line.modelData.text
                    }

                    Caption {
                        width: parent.width
                        horizontalAlignment: Text.AlignRight
                        text: line.modelData.side
                        color: Theme.ink2
                    }
                }
            }

            Column {
                id: acts

                x: 32
                y: parent.height - height - 24
                width: parent.width - 64
                spacing: 16

                Note {
                    width: parent.width
                    visible: screen.vm.hold !== "" || screen.vm.sure
                    tone: "warn"
                    text: screen.vm.hold !== "" ? screen.vm.hold : Lang.tr("删了就找不回来。再点一次，交给另一个人批")
                }

                Row {
                    width: parent.width
                    spacing: 20

                    BigButton {
                        objectName: "export"
                        width: (parent.width - 20) / 2
                        height: 130
                        enabled: !screen.vm.working
                        glyph: "download"
                        text: screen.vm.working ? Lang.tr("正在办，请等一会儿…") : Lang.tr("抄一份到 U 盘")
                        onClicked: screen.vm.export()
                    }

                    BigButton {
                        objectName: "erase"
                        width: (parent.width - 20) / 2
                        height: 130
                        kind: "danger"
                        enabled: screen.vm.hold === ""
                        glyph: "trash"
                        text: screen.vm.sure ? Lang.tr("确定申请删除") : Lang.tr("申请删除")
                        onClicked: screen.vm.erase()
                    }
                }
            }
        }

        // what was asked for and done
        Item {
            anchors.fill: parent
            visible: !screen.standing && !screen.vm.looked

            Caption {
                id: heading

                width: parent.width
                text: screen.vm.erasures.length > 0 ? Lang.tr("申请删除的和删过的") : screen.vm.known ? Lang.tr("还没有人要求删除过") : ""
                bold: true
            }

            ListView {
                objectName: "erasureList"
                y: heading.height + 16
                width: parent.width
                height: parent.height - y
                clip: true
                spacing: 16
                boundsBehavior: Flickable.StopAtBounds
                model: screen.vm.erasures

                delegate: Card {
                    id: row

                    required property var modelData
                    required property int index
                    property bool sure: false // the first tap asks, the second one erases

                    width: ListView.view.width
                    height: fact.implicitHeight + 40 + (row.modelData.mayDecide ? 120 : 0)
                    radius: Theme.radius

                    Fact {
                        id: fact

                        x: 24
                        y: 20
                        width: parent.width - 48 - state.width - 16
                        glyph: row.modelData.waits ? "hourglass" : "circle-check"
                        text: row.modelData.text
                        detail: row.modelData.detail
                        bold: true
                    }

                    Caption {
                        id: state

                        anchors {
                            right: parent.right
                            rightMargin: 24
                            verticalCenter: fact.verticalCenter
                        }
                        text: row.modelData.side
                        color: row.modelData.waits ? Theme.pay : Theme.ink2
                        bold: row.modelData.waits
                        wrapMode: Text.NoWrap
                    }

                    Row {
                        anchors {
                            right: parent.right
                            bottom: parent.bottom
                            margins: 20
                        }
                        visible: row.modelData.mayDecide
                        spacing: 16

                        BigButton {
                            objectName: "refuse" + row.index
                            height: 104
                            text: row.sure ? Lang.tr("不了") : Lang.tr("不同意")
                            onClicked: row.sure ? row.sure = false : screen.vm.decide(row.modelData.id, false)
                        }

                        BigButton {
                            objectName: "approve" + row.index
                            height: 104
                            kind: "danger"
                            glyph: "trash"
                            text: row.sure ? Lang.tr("确定删除，找不回来") : Lang.tr("同意删除")
                            onClicked: row.sure ? screen.vm.decide(row.modelData.id, true) : row.sure = true
                        }
                    }
                }
            }
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    title: Lang.tr("暂停名单")
    lead: Lang.tr("全县的市场都一样，到期自己结束")

    // who may not take part
    Item {
        id: shown

        anchors.fill: parent
        visible: !screen.vm.adding

        ListView {
            objectName: "banList"
            width: parent.width
            height: foot.y - 24
            clip: true
            spacing: 16
            boundsBehavior: Flickable.StopAtBounds
            model: screen.vm.bans

            delegate: RowButton {
                required property var modelData
                required property int index

                objectName: "ban" + index
                width: ListView.view.width
                glyph: modelData.employer ? "building-store" : "user"
                text: modelData.text
                detail: modelData.detail
                side: modelData.side
                sideTint: modelData.active ? Theme.error : Theme.ink2
                checked: screen.vm.chosen === index
                onClicked: screen.vm.choose(index)
            }
        }

        Nothing {
            anchors.centerIn: parent
            width: parent.width
            visible: screen.vm.known && screen.vm.bans.length === 0
            text: Lang.tr("现在没有暂停的")
        }

        Row {
            id: foot

            anchors.bottom: parent.bottom
            width: parent.width
            spacing: 20
            visible: screen.vm.supervisor

            BigButton {
                objectName: "endBan"
                width: (parent.width - 20) / 2
                height: Theme.primary
                enabled: screen.vm.mayEnd
                glyph: "player-play"
                text: screen.vm.sure ? Lang.tr("确定现在结束") : Lang.tr("提前结束")
                onClicked: screen.vm.end()
            }

            BigButton {
                objectName: "addBan"
                width: (parent.width - 20) / 2
                kind: "primary"
                glyph: "plus"
                text: Lang.tr("记一个暂停")
                onClicked: screen.vm.add(true)
            }
        }
    }

    // the form: who, why, how long
    Item {
        anchors.fill: parent
        visible: screen.vm.adding

        Item {
            id: asking

            width: Theme.portrait ? parent.width : parent.width * (screen.width < 1500 ? 0.6 : 0.5)
            height: Theme.portrait ? parent.height * 0.46 : parent.height

            Row {
                id: ways

                width: parent.width
                spacing: 20

                Chip {
                    objectName: "byName"
                    width: (parent.width - 20) / 2
                    height: 96
                    text: Lang.tr("用工主体的名字")
                    checked: screen.vm.byName
                    onClicked: screen.vm.ask(true)
                }

                Chip {
                    objectName: "byDigits"
                    width: (parent.width - 20) / 2
                    height: 96
                    text: Lang.tr("号码")
                    checked: !screen.vm.byName
                    onClicked: screen.vm.ask(false)
                }
            }

            Entry {
                id: entry

                objectName: "banEntry"
                y: ways.height + 16
                width: parent.width
                height: 116
                size: 48
                text: screen.vm.byName ? screen.vm.pad.words : screen.vm.typed
                hint: screen.vm.byName ? Lang.tr("用工主体的名字") : Lang.tr("身份证号或手机号")
            }

            Keypad {
                y: entry.y + entry.height + 16
                width: parent.width
                height: parent.height - y
                visible: !screen.vm.byName
                withX: true
                onTyped: key => screen.vm.digits.type(key)
                onErased: screen.vm.digits.erase()
            }

            PinyinPad {
                y: entry.y + entry.height + 16
                width: parent.width
                height: Math.min(parent.height - y, 720)
                visible: screen.vm.byName
                composing: screen.vm.pad.composing
                candidates: screen.vm.pad.candidates
                more: screen.vm.pad.more
                onTyped: letter => screen.vm.pad.type(letter)
                onErased: screen.vm.pad.erase()
                onChosen: character => screen.vm.pad.choose(character)
                onPaged: screen.vm.pad.nextPage()
                onPerPageChanged: screen.vm.pad.room(perPage)
                Component.onCompleted: screen.vm.pad.room(perPage)
            }
        }

        Item {
            x: Theme.portrait ? 0 : asking.width + 40
            y: Theme.portrait ? asking.height + 20 : 0
            width: parent.width - x
            height: parent.height - y

            ListView {
                objectName: "sideList"
                width: parent.width
                height: done.y - 20
                visible: screen.vm.side === ""
                clip: true
                spacing: 14
                boundsBehavior: Flickable.StopAtBounds
                model: screen.vm.found

                delegate: RowButton {
                    required property var modelData
                    required property int index

                    objectName: "side" + index
                    width: ListView.view.width
                    glyph: modelData.employer ? "building-store" : "user"
                    text: modelData.text
                    detail: modelData.detail
                    arrow: true
                    onClicked: screen.vm.pick(index)
                }
            }

            Caption {
                anchors.centerIn: parent
                visible: screen.vm.side === "" && screen.vm.looked && screen.vm.found.length === 0
                text: Lang.tr("没有找到")
                color: Theme.ink2
                font.pixelSize: Theme.h2
            }

            Column {
                width: parent.width
                spacing: 14
                visible: screen.vm.side !== ""

                Caption {
                    width: parent.width
                    text: screen.vm.side
                    font.pixelSize: Theme.h2
                    bold: true
                    elide: Text.ElideRight
                    maximumLineCount: 1
                    wrapMode: Text.NoWrap
                }

                Grid {
                    id: why

                    width: parent.width
                    columns: 2
                    spacing: 14

                    Repeater {
                        model: screen.vm.reasons

                        Chip {
                            required property var modelData
                            required property int index

                            objectName: "why" + index
                            width: (why.width - 14) / 2
                            height: 92
                            size: Theme.least
                            text: modelData.text
                            checked: modelData.chosen
                            onClicked: screen.vm.because(index)
                        }
                    }
                }

                Grid {
                    id: long

                    width: parent.width
                    columns: 4
                    spacing: 14

                    Repeater {
                        model: screen.vm.lengths

                        Chip {
                            required property var modelData
                            required property int index

                            objectName: "long" + index
                            width: (long.width - 42) / 4
                            height: 92
                            size: Theme.least
                            glyph: ""
                            text: modelData.text
                            checked: modelData.chosen
                            onClicked: screen.vm.lasts(index)
                        }
                    }
                }
            }

            Row {
                id: done

                anchors.bottom: parent.bottom
                width: parent.width
                spacing: 20

                BigButton {
                    objectName: "notNow"
                    width: parent.width * 0.34
                    height: Theme.primary
                    text: Lang.tr("不记了")
                    onClicked: screen.vm.add(false)
                }

                BigButton {
                    objectName: "writeBan"
                    width: parent.width * 0.66 - 20
                    kind: "primary"
                    enabled: screen.vm.ready
                    glyph: "check"
                    text: Lang.tr("记下来")
                    onClicked: screen.vm.write()
                }
            }
        }
    }
}

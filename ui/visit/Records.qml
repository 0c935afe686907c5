pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Page {
    id: screen

    wide: false
    infoShare: 0.3
    title: screen.vm.seeker !== "" ? Lang.tr("{name}，您的记录", {
        "name": screen.vm.seeker
    }) : Lang.tr("我的记录")
    lead: Lang.tr("租的工具、拿的单子")

    info: Note {
        width: parent.width
        visible: screen.vm.overdue
        tone: "error"
        text: Lang.tr("有工具过了时间没还，请尽快还到服务窗口")
    }

    Waiting {
        anchors.centerIn: parent
        visible: !screen.vm.known
        text: Lang.tr("正在取来…")
    }

    Column {
        y: Theme.portrait ? 120 : 60
        width: parent.width
        spacing: 32
        visible: screen.vm.empty

        Icon {
            anchors.horizontalCenter: parent.horizontalCenter
            name: "clipboard-check"
            size: 160
        }

        Caption {
            objectName: "noRecords"
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: Lang.tr("没有租着的工具，也没有没办完的单子")
            font.pixelSize: Theme.h2
        }
    }

    Flickable {
        id: scroll

        objectName: "recordList"
        width: parent.width
        height: parent.height - buttons.height - 28
        contentHeight: list.height
        interactive: contentHeight > height
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        Column {
            id: list

            width: scroll.width
            spacing: Theme.gap

            Repeater {
                model: screen.vm.dues

                Note {
                    required property string modelData

                    width: list.width
                    tone: "warn"
                    text: modelData
                }
            }

            Repeater {
                model: screen.vm.rentals

                Card {
                    id: rental

                    required property var modelData
                    required property int index

                    width: list.width
                    height: what.height + 64
                    border.color: modelData.overdue ? Theme.error : Theme.hairline

                    Column {
                        id: what

                        x: 32
                        y: 32
                        width: parent.width - 64
                        spacing: 16

                        Fact {
                            width: parent.width
                            disc: 108
                            glyph: rental.modelData.glyph
                            text: rental.modelData.tools
                            detail: [Lang.tr("单号 {number}", {
                                    "number": rental.modelData.number
                                }), ...rental.modelData.money].join(" · ")
                            size: Theme.h2
                            bold: true
                        }

                        Caption {
                            width: parent.width
                            text: rental.modelData.due
                            color: rental.modelData.overdue ? Theme.error : Theme.ink
                            font.pixelSize: Theme.h2
                            bold: true
                        }

                        BigButton {
                            objectName: "stop" + rental.index
                            visible: rental.modelData.stoppable
                            width: parent.width
                            kind: "danger"
                            glyph: "x"
                            text: Lang.tr("不租了，取消申请")
                            onClicked: screen.vm.stop(rental.index)
                        }
                    }
                }
            }

            Repeater {
                model: screen.vm.slips

                Card {
                    id: slip

                    required property var modelData

                    width: list.width
                    height: job.height + 56

                    Fact {
                        id: job

                        x: 32
                        y: 28
                        width: parent.width - 64
                        disc: 108
                        glyph: slip.modelData.glyph
                        text: slip.modelData.title
                        detail: Lang.tr("单号 {number}", {
                            "number": slip.modelData.number
                        }) + " · " + slip.modelData.state
                        size: Theme.h2
                        bold: true
                    }
                }
            }
        }
    }

    Row {
        id: buttons

        anchors.bottom: parent.bottom
        width: parent.width
        spacing: Theme.gap

        BigButton {
            objectName: "notMe"
            width: (parent.width - Theme.gap) * 0.36
            height: Theme.primary
            glyph: "user-x"
            text: Lang.tr("不是我")
            onClicked: screen.vm.notMe()
        }

        BigButton {
            objectName: "finish"
            width: (parent.width - Theme.gap) * 0.64
            kind: "primary"
            text: Lang.tr("看完了")
            onClicked: screen.vm.finish()
        }
    }
}

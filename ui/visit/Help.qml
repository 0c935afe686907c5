pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Page {
    id: screen

    title: Lang.tr("找人帮忙")
    lead: Lang.tr("服务窗口就在大厅，也可以打电话")
    wide: true

    Grid {
        id: body

        readonly property real half: Theme.portrait ? width : (width - 48) / 2

        width: parent.width
        height: parent.height
        columns: Theme.portrait ? 1 : 2
        columnSpacing: 48
        rowSpacing: 28

        Card {
            id: lines

            width: body.half
            height: facts.height + 72

            Column {
                id: facts

                x: 36
                y: 36
                width: parent.width - 72
                spacing: 22

                Fact {
                    width: parent.width
                    glyph: "headset"
                    text: screen.vm.hall.hotline ?? ""
                    detail: Lang.tr("服务电话")
                    size: Theme.h2
                    bold: true
                }

                Fact {
                    width: parent.width
                    glyph: "report"
                    text: screen.vm.hall.complaints ?? ""
                    detail: Lang.tr("投诉电话")
                    size: Theme.h2
                    bold: true
                }

                Fact {
                    width: parent.width
                    glyph: "scale"
                    text: screen.vm.hall.legalAid ?? ""
                    detail: Lang.tr("法律援助电话")
                    size: Theme.h2
                    bold: true
                }

                Fact {
                    width: parent.width
                    glyph: "clock"
                    text: screen.vm.hall.hours ?? ""
                    detail: screen.vm.hall.address ?? ""
                    size: Theme.h2
                    bold: true
                }
            }
        }

        Column {
            width: body.half
            spacing: 18

            Note {
                id: sign

                objectName: "staffSign"
                width: parent.width
                visible: screen.vm.sign !== ""
                glyph: "cloud-off"
                text: screen.vm.sign
            }

            Caption {
                text: Lang.tr("大厅公告和规定")
                font.pixelSize: Theme.h2
                bold: true
            }

            Flickable {
                id: flick

                objectName: "noticeList"
                width: parent.width
                height: body.height - (Theme.portrait ? lines.height + 28 : 0) - 80 - (sign.visible ? sign.height + 18 : 0) - (staff.visible ? staff.height + 54 : 0)
                contentHeight: list.height
                clip: true
                boundsBehavior: Flickable.StopAtBounds

                Column {
                    id: list

                    width: flick.width
                    spacing: 16

                    Repeater {
                        model: screen.vm.notices

                        BigButton {
                            required property var modelData
                            required property int index

                            objectName: "notice" + index
                            width: list.width
                            height: 108
                            listed: true
                            glyph: modelData.glyph
                            text: modelData.title
                            onClicked: screen.vm.open(index)
                        }
                    }
                }
            }

            BigButton {
                id: staff

                objectName: "staff"
                width: parent.width
                height: 96
                visible: screen.vm.staffDoor
                listed: true
                glyph: "user"
                text: Lang.tr("工作人员登录")
                onClicked: screen.vm.callStaff()
            }
        }
    }
}

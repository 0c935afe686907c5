pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    title: vm.who
    lead: vm.number

    Flickable {
        id: page

        objectName: "rentalPage"
        width: parent.width
        height: parent.height - (go.visible ? go.height + 20 : 0)
        contentHeight: body.height
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        Column {
            id: body

            width: page.width
            spacing: 18

            Card {
                width: parent.width
                height: facts.height + 48

                Grid {
                    id: facts

                    x: 32
                    y: 24
                    width: parent.width - 64
                    columns: Theme.portrait ? 1 : 2
                    columnSpacing: 32
                    rowSpacing: 16

                    Fact {
                        width: Theme.portrait ? facts.width : (facts.width - 32) / 2
                        glyph: screen.vm.late ? "alert-triangle" : "receipt"
                        tint: screen.vm.late ? Theme.error : Theme.brand
                        text: screen.vm.late ? screen.vm.state + Lang.tr("（逾期）") : screen.vm.state
                        detail: screen.vm.number
                        bold: true
                    }

                    Repeater {
                        model: screen.vm.facts

                        Fact {
                            required property var modelData

                            width: Theme.portrait ? facts.width : (facts.width - 32) / 2
                            glyph: modelData.glyph
                            text: modelData.text
                            detail: modelData.label
                        }
                    }
                }
            }

            Repeater {
                model: screen.vm.lines

                Card {
                    id: row

                    required property var modelData

                    width: body.width
                    height: Math.max(136, words.height + 40)
                    radius: Theme.radius
                    border.color: modelData.disputed ? Theme.error : Theme.hairline

                    Column {
                        id: words

                        x: 24
                        y: 20
                        width: parent.width - acts.width - (acts.width > 0 ? 64 : 48)
                        spacing: 8

                        Fact {
                            width: parent.width
                            glyph: row.modelData.glyph
                            disc: 84
                            text: row.modelData.text
                            detail: row.modelData.detail
                            bold: true
                        }

                        Repeater {
                            model: row.modelData.notes

                            Caption {
                                required property var modelData

                                x: 112
                                width: words.width - 112
                                text: modelData.text
                                color: modelData.tone === "error" ? Theme.error : modelData.tone === "ok" ? Theme.ok : modelData.tone === "warn" ? Theme.pay : Theme.ink2
                                font.pixelSize: Theme.least
                                lineHeight: 1.15
                            }
                        }
                    }

                    Column {
                        id: acts

                        anchors {
                            right: parent.right
                            rightMargin: 20
                            verticalCenter: parent.verticalCenter
                        }
                        width: row.modelData.photos > 0 || row.modelData.mayDispute ? 270 : 0
                        spacing: 14

                        BigButton {
                            objectName: "photos" + row.modelData.at
                            width: 270
                            height: 96
                            visible: row.modelData.photos > 0
                            glyph: "photo"
                            text: Lang.tr("照片 {n} 张", {
                                "n": row.modelData.photos
                            })
                            onClicked: screen.vm.look(row.modelData.at)
                        }

                        BigButton {
                            objectName: "dispute" + row.modelData.at
                            width: 270
                            height: 96
                            visible: row.modelData.mayDispute
                            glyph: "message"
                            text: Lang.tr("有争议")
                            onClicked: screen.vm.dispute(row.modelData.at)
                        }
                    }
                }
            }
        }
    }

    BigButton {
        id: go

        objectName: "giveBack"
        anchors.bottom: parent.bottom
        width: parent.width
        visible: screen.vm.out
        kind: "primary"
        glyph: "package-import"
        text: Lang.tr("去归还")
        onClicked: screen.vm.giveBack()
    }
}

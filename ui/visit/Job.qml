pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

// Pay largest; then when, where, who; distance as a line from the hall to the place.
Page {
    id: screen

    readonly property var job: vm.loaded ? vm.facts : null

    wide: true

    component Cell: Fact {
        disc: 84
        size: Theme.h2
    }

    Waiting {
        anchors.centerIn: parent
        visible: screen.job === null
        text: Lang.tr("正在取来…")
    }

    Flickable {
        id: scroll

        width: parent.width
        height: parent.height - buttons.height - 28
        contentHeight: sheet.height
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        interactive: contentHeight > height
        visible: screen.job !== null

        Grid {
            id: sheet

            readonly property real half: Theme.portrait ? width : (width - 36) / 2

            width: scroll.width
            columns: Theme.portrait ? 1 : 2
            spacing: Theme.portrait ? 28 : 36

            Column {
                width: sheet.half
                spacing: 28

                Row {
                    width: parent.width
                    spacing: 28

                    Rectangle {
                        id: disc

                        width: 132
                        height: 132
                        radius: 66
                        color: Theme.sky

                        Icon {
                            anchors.centerIn: parent
                            name: screen.job?.glyph ?? ""
                            size: 80
                        }
                    }

                    Column {
                        anchors.verticalCenter: parent.verticalCenter
                        width: parent.width - 160

                        Caption {
                            objectName: "jobTitle"
                            width: parent.width
                            text: screen.job?.title ?? ""
                            font.pixelSize: Theme.hero
                            lineHeight: 1.1
                            bold: true
                        }

                        Caption {
                            width: parent.width
                            text: screen.job?.employer ?? ""
                            color: Theme.ink2
                        }
                    }
                }

                Rectangle {
                    width: parent.width
                    height: money.height + 32
                    radius: Theme.radiusLarge
                    color: Theme.paySoft

                    Column {
                        id: money

                        x: 36
                        y: 12
                        width: parent.width - 72

                        Item {
                            width: parent.width
                            height: figure.height

                            Text {
                                id: figure

                                textFormat: Text.PlainText
                                text: screen.job?.pay ?? ""
                                color: Theme.pay
                                font.pixelSize: 112
                                font.bold: true
                            }

                            Text {
                                anchors {
                                    left: figure.right
                                    leftMargin: 16
                                    baseline: figure.baseline
                                }
                                textFormat: Text.PlainText
                                text: screen.job?.unit ?? ""
                                color: Theme.ink
                                font.pixelSize: Theme.h1
                            }

                            Tag {
                                anchors {
                                    right: parent.right
                                    verticalCenter: parent.verticalCenter
                                }
                                height: 72
                                text: screen.job?.settlement ?? ""
                                strong: true
                            }
                        }

                        Caption {
                            width: parent.width
                            visible: text !== ""
                            text: screen.job?.guidance ?? ""
                            color: Theme.ink2
                            font.pixelSize: Theme.least
                        }
                    }
                }

                // the way: hall → place, as long as it is far (10 km fill the line)
                Card {
                    width: parent.width
                    height: 186
                    visible: (screen.job?.distance ?? "") !== ""

                    Item {
                        id: way

                        readonly property real share: Math.max(0.16, Math.min(1, (screen.job?.km ?? 0) / 10))

                        x: 36
                        y: 20
                        width: parent.width - 72

                        Rectangle {
                            x: 44
                            y: 40
                            width: parent.width - 88
                            height: 6
                            radius: 3
                            color: Theme.hairline
                        }

                        Rectangle {
                            x: 44
                            y: 40
                            width: (parent.width - 88) * way.share
                            height: 6
                            radius: 3
                            color: Theme.brand
                        }

                        Rectangle {
                            width: 88
                            height: 88
                            radius: 44
                            color: Theme.sky

                            Icon {
                                anchors.centerIn: parent
                                name: "home"
                                size: 52
                            }
                        }

                        Rectangle {
                            x: 44 + (parent.width - 88) * way.share - 44
                            width: 88
                            height: 88
                            radius: 44
                            color: Theme.brand

                            Icon {
                                anchors.centerIn: parent
                                name: "map-pin"
                                tint: Theme.paper
                                size: 52
                            }
                        }

                        Caption {
                            y: 92
                            text: Lang.tr("大厅")
                            color: Theme.ink2
                        }

                        Caption {
                            y: 92
                            width: parent.width - 120
                            x: 120
                            horizontalAlignment: Text.AlignRight
                            text: screen.job ? screen.job.place + " · " + screen.job.distance : ""
                            bold: true
                            elide: Text.ElideRight
                            wrapMode: Text.NoWrap
                        }
                    }
                }
            }

            Column {
                width: sheet.half
                spacing: 24

                Card {
                    width: parent.width
                    height: facts.height + 44

                    Column {
                        id: facts

                        x: 32
                        y: 22
                        width: parent.width - 64
                        spacing: 12

                        Cell {
                            width: parent.width
                            glyph: "clock"
                            text: screen.job?.when ?? ""
                            bold: true
                        }

                        Cell {
                            width: parent.width
                            visible: (screen.job?.distance ?? "") === ""
                            glyph: "map-pin"
                            text: screen.job?.place ?? ""
                        }

                        Cell {
                            width: parent.width
                            glyph: "users"
                            text: screen.job?.openings ?? ""
                            detail: screen.job?.wanted ?? ""
                        }

                        Cell {
                            width: parent.width
                            glyph: "award"
                            text: screen.job ? screen.job.trade + " · " + screen.job.level : ""
                        }
                    }
                }

                Flow {
                    width: parent.width
                    spacing: 14

                    Tag {
                        visible: screen.job?.urgent ?? false
                        height: 60
                        text: Lang.tr("急招")
                        strong: true
                    }

                    Repeater {
                        model: screen.job?.tags ?? []

                        Tag {
                            required property string modelData

                            height: 60
                            text: modelData
                        }
                    }
                }

                Note {
                    width: parent.width
                    visible: (screen.job?.conditions ?? []).length > 0
                    tone: "warn"
                    text: Lang.tr("这个活有：{conditions}", {
                        "conditions": (screen.job?.conditions ?? []).join(Lang.code === "zh" ? "、" : ", ")
                    })
                }

                Caption {
                    width: parent.width
                    text: screen.job?.description ?? ""
                }
            }
        }
    }

    Column {
        id: buttons

        anchors.bottom: parent.bottom
        width: parent.width
        spacing: 20

        Note {
            width: parent.width
            visible: screen.vm.taken
            tone: "ok"
            text: Lang.tr("您已经拿过这个活的单子，可以再看一次")
        }

        BigButton {
            objectName: "apply"
            width: parent.width
            height: Theme.portrait ? 168 : Theme.primary
            kind: "primary"
            size: Theme.h1
            enabled: screen.vm.ready && (!screen.vm.full || screen.vm.taken)
            glyph: "printer"
            text: screen.vm.asking ? Lang.tr("正在办…") : screen.vm.taken ? Lang.tr("看我的单子") : screen.vm.full ? Lang.tr("已经招满了") : Lang.tr("我要应聘")
            onClicked: screen.vm.apply()
        }
    }
}

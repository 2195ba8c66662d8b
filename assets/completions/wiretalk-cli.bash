# bash completion for wiretalk-cli

_wiretalk_cli()
{
    local cur prev words cword
    _init_completion -n = || return

    local command=${words[1]-}
    if [[ $cword -eq 1 ]]; then
        COMPREPLY=($(compgen -W 'run live proxy fetch show dissect check mime mib snmp --help --version' -- "$cur"))
        return
    fi
    case $prev in
        --format | -o)
            COMPREPLY=($(compgen -W 'text json' -- "$cur"))
            return
            ;;
        --snmp-version | -v)
            COMPREPLY=($(compgen -W '1 2c 3' -- "$cur"))
            return
            ;;
        --direction | -d)
            COMPREPLY=($(compgen -W 'client server' -- "$cur"))
            return
            ;;
        --store | --mibs | -M)
            _filedir -d
            return
            ;;
        --tls | --client-tls)
            local ways='none starttls implicit'
            [[ $command == fetch ]] && ways='required opportunistic off'
            COMPREPLY=($(compgen -W "$ways" -- "$cur"))
            return
            ;;
        --ready-file | --ca | --password-file | --capture | -w | --certificate | --key | --key-log)
            _filedir
            return
            ;;
        --seed | -s | --until | -u | --filter | -f | --bind | -b | --port | --port-offset | --relay | --lmtp | --trace-limit | --user | --password-fd | --newest | -n | --community | -c | \
            --timeout | -t | --retries | -r | --non-repeaters | --max-repetitions | --count)
            return
            ;;
    esac
    if [[ $cur == -* ]]; then
        local options=--help
        case $command in
            run) options+=' --seed --until --filter --packets --key-log --capture --trace-limit --format' ;;
            show) options+=' --filter --format' ;;
            live) options+=' --bind --port-offset --port --store --discard --relay --lmtp --ready-file --certificate --key --key-log
                --trace-limit --format --quiet' ;;
            fetch) options+=' --user --password-file --password-fd --newest --tls --ca --insecure --key-log --format' ;;
            proxy) options+=' --tls --client-tls --ca --insecure --show-secrets --ready-file --certificate --key --key-log --trace-limit --format
                --quiet' ;;
            dissect) options+=' --direction --format' ;;
            mime) options+=' --format' ;;
            mib) options+=' --tree --mibs' ;;
            snmp) options+=' --snmp-version --community --user --timeout --retries --non-repeaters --max-repetitions --numeric --count
                --ready-file' ;;
        esac
        COMPREPLY=($(compgen -W "$options" -- "$cur"))
        return
    fi
    case $command in
        snmp)
            if [[ $cword -eq 2 ]]; then
                COMPREPLY=($(compgen -W 'get next bulk walk table set trap inform receive' -- "$cur"))
            fi
            ;;
        fetch)
            if [[ $cword -eq 2 ]]; then
                COMPREPLY=($(compgen -W 'imap imaps pop3 pop3s' -- "$cur"))
            fi
            ;;
        proxy)
            if [[ $cword -eq 2 ]]; then
                COMPREPLY=($(compgen -W 'smtp submission submissions pop3 pop3s imap imaps snmp' -- "$cur"))
            fi
            ;;
        mime | show) _filedir ;;
        run | live | check) _filedir scenario ;;
        dissect)
            if [[ $cword -eq 2 ]]; then
                COMPREPLY=($(compgen -W 'smtp lmtp pop imap snmp dns tls imf' -- "$cur"))
            else
                _filedir
            fi
            ;;
    esac
} && complete -F _wiretalk_cli wiretalk-cli

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
        --direction | -d)
            COMPREPLY=($(compgen -W 'client server' -- "$cur"))
            return
            ;;
        --store | --mibs | -M)
            _filedir -d
            return
            ;;
        --tls | --client-tls)
            COMPREPLY=($(compgen -W 'none starttls implicit' -- "$cur"))
            return
            ;;
        --ready-file | --ca | --password-file | --capture | -w)
            _filedir
            return
            ;;
        --seed | -s | --until | -u | --filter | -f | --bind | -b | --port | --port-offset | --relay | --trace-limit)
            return
            ;;
    esac
    if [[ $cur == -* ]]; then
        local options=--help
        case $command in
            run) options+=' --seed --until --filter --packets --capture --format' ;;
            show) options+=' --filter --format' ;;
            live) options+=' --bind --port-offset --port --store --discard --relay --ready-file --trace-limit --format' ;;
            fetch) options+=' --user --password-file --password-fd --newest --tls --ca --insecure --key-log --format' ;;
            proxy) options+=' --tls --client-tls --ca --insecure --show-secrets --ready-file --trace-limit --format' ;;
            dissect) options+=' --direction --format' ;;
            mime) options+=' --format' ;;
            mib) options+=' --tree --mibs' ;;
            snmp) options+=' --snmp-version --community --user --timeout --retries --non-repeaters --max-repetitions --numeric' ;;
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
        mime) _filedir ;;
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
                COMPREPLY=($(compgen -W 'smtp dns imf' -- "$cur"))
            else
                _filedir
            fi
            ;;
    esac
} && complete -F _wiretalk_cli wiretalk-cli
